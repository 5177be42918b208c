/** `plan --calibrate`: measures what indexes cost the writes of this machine's server, and keeps it where plans find it. */
import { calibrationPath } from '../../design/insert-figures.ts'
import { renderCalibration } from '../../design/read-calibration.ts'
import { shippedFigures } from '../../planner/insert-cost.ts'
import { measureInserts } from '../../postgres/calibration/measure-inserts.ts'
import type { CalibrationSize } from '../../postgres/calibration/probe-table.ts'
import { openServer } from '../../postgres/server.ts'
import { compareWithDisk } from '../../repository/changes.ts'
import { readRepository } from '../../repository/read.ts'
import { writeFiles } from '../../repository/write.ts'
import { createAsk } from '../../terminal/ask.ts'
import { formatCalibration } from '../../terminal/report-calibration.ts'
import type { CommandInput, CommandOutcome } from '../command.ts'

/** Less than a minute on an idle machine, and some 300 MB of disk while it runs. */
const fullSize: CalibrationSize = { rows: 200_000, batch: 20_000 }

export async function calibrate({ cwd, terminal, options, signal }: CommandInput, size: CalibrationSize = fullSize): Promise<CommandOutcome> {
  const repository = await readRepository(cwd)
  await using server = await terminal.step('Opening a Postgres', (progress) => openServer({ major: repository.config.major, history: [], progress, signal }))
  const database = await server.createDatabase()
  const measured = await terminal.step('Measuring inserts', (progress) => measureInserts(database, { size, progress, signal }))
  terminal.print(formatCalibration(measured, { before: repository.figures ?? shippedFigures, server: server.version }, terminal))
  const file = { path: calibrationPath, kind: 'calibration' as const, text: renderCalibration({ postgres: server.version, ...measured }) }
  const changes = await compareWithDisk(repository.root, [file], null)
  const outcome = (result: 'written' | 'unchanged' | 'declined'): CommandOutcome => ({ exitCode: 0, document: { result, file: calibrationPath, server: server.version, ...measured, before: repository.figures ?? shippedFigures } })
  if (changes.every(({ change }) => change === 'same')) {
    terminal.print(`\n${calibrationPath} says the same already.`)
    return outcome('unchanged')
  }
  if (terminal.interactive && !options.yes && !(await createAsk(signal).confirm({ message: `Write ${calibrationPath}? Plans are priced with it from then on.`, default: true }))) {
    terminal.print('Nothing was written.')
    return outcome('declined')
  }
  await writeFiles(repository.root, changes, { overwrite: new Set([calibrationPath]), signal })
  terminal.print(`\n${terminal.style.green('Written')}: ${calibrationPath}. Commit it; then expand the designs again: trr-db generate <spec>`)
  return outcome('written')
}
