/** The seven inputs of a design, in the order in which they are asked: later questions use earlier answers. */
import { files } from './files.ts'
import { privacy } from './privacy.ts'
import { queries } from './queries.ts'
import type { Section } from './question.ts'
import { scale } from './scale.ts'
import { story } from './story.ts'
import { tables } from './tables.ts'
import { tenancy } from './tenancy.ts'

export const sections: readonly Section[] = [story, tenancy, tables, queries, scale, privacy, files]
