/** Whether the migrations have sound names and replay. */
import type { MigrationFile } from '../../repository/migrations.ts'
import type { Repository } from '../../repository/read.ts'
import type { CommandInput } from '../command.ts'
import { openHistory } from '../pipeline/open-history.ts'
import { type Check, note, ok, problem, tried } from './check.ts'

export async function checkHistory(input: CommandInput, repository: Repository): Promise<Check[]> {
  const names = checkNames(repository.migrations)
  const told = names.filter(({ status }) => status === 'problem').map(({ says }) => says)
  const tellsAgain = (text: string) => repository.migrations.some(({ path }) => text.includes(path) && told.some((said) => said.includes(path)))
  const notes = repository.notes.filter((text) => !tellsAgain(text))
  const replayed = await tried('replay', async () => {
    await using server = await openHistory(input, { repository, lock: null })
    return [ok('replay', `${repository.migrations.length} migrations replay on Postgres ${server.version}`)]
  })
  return [...names, ...notes.map((text) => note('repository', text)), ...replayed]
}

/** Names that the runner takes and a person would not mean. */
export function checkNames(migrations: readonly MigrationFile[]): Check[] {
  const problems = migrations.flatMap((file, place) => {
    const twin = migrations.find((other, position) => position > place && other.version === file.version)
    return [
      ...(twin ? [problem('names', `${file.path} and ${twin.path} have the same number.`, 'A design among them: trr-db restack. Otherwise rename the one that no database has run.')] : []),
      ...(/(^|[._-])down$/i.test(file.name) ? [problem('names', `${file.path} is a rollback by its name, and the runner applies it.`, `Move it: git mv ${file.path} supabase/rollbacks/`)] : []),
    ]
  })
  const gaps = gapsOf(migrations)
  const notes = gaps.length > 0 ? [note('names', `No migration has the ${gaps.length === 1 ? 'number' : 'numbers'} ${gaps.join(', ')}; no harm.`)] : []
  return problems.length > 0 ? [...problems, ...notes] : [ok('names', `${migrations.length} migrations in supabase/migrations`), ...notes]
}

/** Numbers that a sequence leaves out, as ranges; timestamps have none. */
function gapsOf(migrations: readonly MigrationFile[]): string[] {
  const width = migrations.at(-1)?.version.length ?? 14
  if (width >= 14) return []
  const numbers = [...new Set(migrations.map(({ version }) => Number(version)))].toSorted((a, b) => a - b)
  const show = (number: number) => String(number).padStart(width, '0')
  return numbers.flatMap((number, place) => {
    const next = numbers[place + 1] ?? number + 1
    if (next === number + 1) return []
    return [next === number + 2 ? show(number + 1) : `${show(number + 1)}–${show(next - 1)}`]
  })
}
