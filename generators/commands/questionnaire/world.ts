/** What the questions may know: the replayed catalog, the repository's habits, and a judge for what is typed. */
import type { Catalog } from '../../design/catalog.ts'
import { habitsOf } from '../../design/habits.ts'
import type { ReplayedServer } from '../../postgres/server.ts'
import type { World } from '../../questions/question.ts'
import { specText } from '../../questions/spec-text.ts'
import type { Repository } from '../../repository/read.ts'
import { readCheckedSpec } from '../pipeline/read-checked-spec.ts'
import { faultsBelow } from './check-draft.ts'
import { growthOf } from './preview.ts'

const nothing: Catalog = { serverVersion: 0, schemas: [], tables: [], types: [], functions: [], roles: [], extensions: [] }

/** Before the server is up: enough for a name and a story. */
export function firstWorld({ config, designs }: Repository): World {
  return {
    catalog: nothing,
    habits: habitsOf(nothing, { apiSchemas: config.apiSchemas }),
    designs: designs.map(({ design }) => design),
    faults: async () => [],
    growth: async () => null,
  }
}

/** Types, references, defaults and SQL are tried on the server while the question is open. */
export function knownWorld(server: ReplayedServer, repository: Repository): World {
  const { catalog } = server
  const habits = habitsOf(catalog, { apiSchemas: repository.config.apiSchemas })
  return {
    ...firstWorld(repository),
    catalog,
    habits,
    faults: (draft, path) => faultsBelow(draft, path, (text) => readCheckedSpec({ text, file: 'draft', server, repository })),
    growth: (draft, table) => growthOf(specText(draft), table, { catalog, habits }),
  }
}
