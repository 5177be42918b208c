/** What indexes cost writes: measured on the embedded server, kept as a file, read with places, and used by plans. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { calibrate } from '../../generators/commands/calibration/calibrate.ts'
import type { CommandInput } from '../../generators/commands/command.ts'
import { type Calibration, calibrationPath, kindNames } from '../../generators/design/insert-figures.ts'
import { readCalibration, renderCalibration } from '../../generators/design/read-calibration.ts'
import { TrrError } from '../../generators/errors.ts'
import { insertCost, shippedFigures } from '../../generators/planner/insert-cost.ts'
import { runCli } from '../support/run-cli.ts'
import { sampleRepository } from '../support/sample-repository.ts'

const printed: string[] = []
const style = new Proxy({}, { get: () => (text: string) => text }) as CommandInput['terminal']['style']
const terminal: CommandInput['terminal'] = { interactive: false, width: 100, style, print: (text) => void printed.push(text), note: () => undefined, step: (_title, work) => work(() => undefined) }

function costly(microseconds: number): string {
  const insert = Object.fromEntries(kindNames.map((kind) => [kind, { microseconds, walBytes: 77 }])) as typeof shippedFigures.insert
  return renderCalibration({ postgres: '17.10', rows: 1000, insert })
}

describe('calibration', () => {
  it('is measured for every kind and kept in the repository, in a form that is read back', async () => {
    const root = sampleRepository()
    const { document, exitCode } = await calibrate({ arguments: [], options: { yes: true } as CommandInput['options'], cwd: root, signal: new AbortController().signal, terminal, now: new Date(0) }, { rows: 8000, batch: 2000 })
    const measured = document as unknown as Calibration & { result: string }
    expect({ exitCode, result: measured.result }).toEqual({ exitCode: 0, result: 'written' })
    const { insert, bare } = measured
    // From what these indexes are: an entry of a btree holds 8 bytes of header and its key; trigrams are some 36 entries.
    expect(insert.btree_number.walBytes).toBeGreaterThan(16)
    expect(insert.btree_text.walBytes).toBeGreaterThan(insert.btree_number.walBytes)
    expect(insert.gin_trigram.walBytes).toBeGreaterThan(5 * insert.btree_number.walBytes)
    expect(insert.gin_trigram.microseconds).toBeGreaterThan(insert.btree_number.microseconds)
    expect(bare.walBytes).toBeGreaterThan(150)
    const read = readCalibration(readFileSync(join(root, calibrationPath), 'utf8'))
    expect(read.insert).toEqual(insert)
    expect(read.from).toMatch(/^Postgres 17\.\d+, supabase\/calibration\.yaml$/)
    expect(printed.join('\n')).toMatch(/GiST over a range of times.*\d/)
  })

  it('prices what an index is: a tenth of the rows, a tenth of the cost', () => {
    const key = { column: 'a', direction: 'asc' as const, nulls: null, operatorClass: null }
    const figures = readCalibration(costly(3))
    expect(insertCost({ method: 'btree', keys: [key], include: [] }, ['uuid'], 0.1, figures).microseconds).toBeCloseTo(0.3)
    // Two texts among the keys.
    expect(insertCost({ method: 'btree', keys: [key, key], include: [] }, ['text', 'text'], 1, figures)).toEqual({ microseconds: 9, walBytes: 231 })
  })

  it('of a broken file every fault is told with its place', () => {
    const text = costly(3).replace('hash: { microseconds: 3', 'hash: { microseconds: -1').replace('  brin:', '  brim:')
    const fault = (() => {
      try {
        readCalibration(text)
      } catch (error) {
        return error as TrrError
      }
      return null
    })()
    const lineOf = (word: string) => text.split('\n').findIndex((line) => line.trim().startsWith(word)) + 1
    expect(fault?.issues.map(({ code, message, place }) => [code, message, place?.line])).toEqual([
      ['SPEC_MISSING_KEY', 'The calibration lacks "insert.brin".', lineOf('insert:')],
      ['SPEC_VALUE', '"insert.hash.microseconds" is a number of 0 or more.', lineOf('hash:')],
      ['SPEC_UNKNOWN_NAME', 'There is no kind of index "brim".', lineOf('brim:')],
    ])
  })

  it('decides which indexes are worth their writes, and plans say whose figures they are', async () => {
    const root = sampleRepository()
    mkdirSync(join(root, 'supabase'), { recursive: true })
    const plan = async () => (await runCli(['plan', 'references/examples/designs/show_ratings.yaml', '--cwd', root])).stdout
    const shipped = await plan()
    writeFileSync(join(root, calibrationPath), costly(900_000))
    const dear = await plan()
    expect(shipped.replaceAll(/\s+/g, ' ')).toContain('Inserts are priced with the figures shipped with trr-db')
    expect(dear.replaceAll(/\s+/g, ' ')).toContain('Inserts are priced with the figures of Postgres 17.10, supabase/calibration.yaml')
        const made = (text: string) => text.match(/ {4}read by /g)?.length ?? 0
    // With nearly a second for each entry, only what a key or a policy asks for is left.
    expect(made(dear)).toBeLessThan(made(shipped))
  })
})
