/** The head of a spec: its name, its schema, its horizon, and that it asks for anything. */
import { editDistance } from '../nearest.ts'
import { readDuration } from './read-quantity.ts'
import { type Reading, readName } from './reading.ts'
import type { Duration } from '../duration.ts'
import { isSystemSchema } from '../system-schemas.ts'

export function checkTop(reading: Reading): void {
  checkSlug(reading)
  checkSchema(reading)
  const { input, issues } = reading
  const isEmpty = [input.tables, input.views, input.queries, input.files, input.jobs, input.changes].every((part) => part === undefined || Object.keys(part ?? {}).length === 0)
  if (isEmpty && !input.tenancy?.create)
    issues.add({
      code: 'SPEC_MISSING_KEY', path: [],
      message: 'The spec asks for nothing.',
      remedy: 'Add tables.',
    })
}

export function readHorizon(reading: Reading): Duration {
  return readDuration(reading, ['horizon']) ?? { text: '3 years', days: 3 * 365.25 }
}

function checkSlug({ input, issues }: Reading): void {
  const { design } = input
  if (/^[a-z][a-z0-9_]{0,40}$/.test(design)) return
  const isPath = /[/\\]|\.\./.test(design)
  const message = isPath ? `"${design}" is a path, and names files of this repository.` : `"${design}" cannot name the files of a design.`
  issues.add({
    code: isPath ? 'SPEC_PATH' : 'SPEC_VALUE', path: ['design'],
    message,
    remedy: 'Use a-z, 0-9 and _, a letter first, at most 41 characters.',
  })
}

/** A design may bring its own schema, but one letter beside an existing one is a slip. */
function checkSchema(reading: Reading): void {
  const { input, issues, catalog } = reading
  if (input.schema === undefined) return
  const path = ['schema']
  const name = readName(reading, path, input.schema)
  if (name === null) return
  if (isSystemSchema(name))
    issues.add({
      code: 'SPEC_VALUE', path,
      message: `The schema "${name}" belongs to Supabase or Postgres.`,
      remedy: 'Use a schema of your own.',
    })
  const known = catalog.schemas.map((schema) => schema.name).filter((schema) => !isSystemSchema(schema))
  const near = known.filter((schema) => editDistance(schema, name) === 1)
  if (!known.includes(name) && near.length > 0) issues.unknown({ path, what: 'schema', name, known: near })
}
