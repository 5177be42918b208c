/** `supabase/calibration.yaml`: what indexes cost the writes of somebody's server. */
import { z } from 'zod'
import { TrrError } from '../errors.ts'
import { type InsertCost, type InsertFigures, calibrationPath, figureKinds, kindNames } from './insert-figures.ts'
import { collectIssues } from './issues.ts'
import { parseSource } from './source.ts'

const figure = z.number().min(0).max(1e6)
const cost = z.strictObject({ microseconds: figure, wal_bytes: figure })
const schema = z.strictObject({ postgres: z.string().regex(/^\d+\.\d+$/), rows: z.number().int().min(1), insert: z.strictObject(Object.fromEntries(kindNames.map((kind) => [kind, cost]))) })

/** Throws a TrrError with everything that is wrong. */
export function readCalibration(text: string): InsertFigures {
  const source = parseSource({ text, file: calibrationPath })
  const read = schema.safeParse(source.data)
  if (read.success) {
    const { postgres, insert } = read.data
    const costs = Object.fromEntries(Object.entries(insert).map(([kind, { microseconds, wal_bytes: walBytes }]): [string, InsertCost] => [kind, { microseconds, walBytes }]))
    return { from: `Postgres ${postgres}, ${calibrationPath}`, insert: costs as InsertFigures['insert'] }
  }
  const issues = collectIssues(source, new Set())
  for (const issue of read.error.issues) {
    const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) issues.unknown({ path: [...path, key], what: path.length === 1 ? 'kind of index' : 'key', name: key, known: path.length === 0 ? Object.keys(schema.shape) : path.length === 1 ? kindNames : Object.keys(cost.shape), key: true })
      continue
    }
    const isMissing = !source.has(path)
    issues.add({
      code: isMissing ? 'SPEC_MISSING_KEY' : 'SPEC_VALUE',
      path: isMissing ? path.slice(0, -1) : path,
      key: isMissing && path.length > 1,
      message: isMissing ? `The calibration lacks "${path.join('.')}".` : `"${path.join('.')}" is ${path.length > 2 || path[0] === 'rows' ? 'a number of 0 or more' : path[0] === 'postgres' ? 'a version in quotes such as "17.10"' : 'a map'}.`,
      remedy: 'Measure again: trr-db plan --calibrate',
    })
  }
  throw new TrrError(issues.list())
}

/** The same figures give the same bytes. */
export function renderCalibration({ postgres, rows, insert }: { postgres: string; rows: number; insert: InsertFigures['insert'] }): string {
  const lines = kindNames.map((kind) => `  ${kind}: { microseconds: ${insert[kind].microseconds}, wal_bytes: ${insert[kind].walBytes} } # ${figureKinds[kind]}`)
  return [
    '# What an index adds to the insert of a row: processor time and write-ahead log, without waiting for the disk.',
    '# Measured by: trr-db plan --calibrate. Indexes are chosen with these figures, and documents name them; without this file those that trr-db ships hold.',
    `postgres: "${postgres}"`,
    `rows: ${rows} # in the table before`,
    'insert:',
    ...lines,
    '',
  ].join('\n')
}
