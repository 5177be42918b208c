/** The mutation score of a design: measured now, or taken from the lock while the SQL is what it was measured on. */
import type { MutationEvidence } from '../../design/mutation-evidence.ts'
import type { PlannedFile } from '../../design/planned-file.ts'
import type { ReplayedServer } from '../../postgres/server.ts'
import { proveMutations } from '../../proofs/mutations.ts'
import type { Lock } from '../../repository/lock.ts'
import { hashText } from '../../repository/text-file.ts'
import type { CommandInput } from '../command.ts'
import type { PlannedDesign } from './plan-files.ts'
import { generatedSql } from './prove-design.ts'

interface FaultRequest {
  server: ReplayedServer
  design: PlannedDesign
  sql: readonly PlannedFile[]
  lock: Lock | null
  progress: (message: string) => void
  signal: AbortSignal
}

/** Seconds, in two databases side by side: the designs of one or two tables. More faults are tried when somebody asks: `--mutations`. */
const inPassing = 300

export async function tryFaults({ options }: Pick<CommandInput, 'options'>, { server, design, sql, lock, progress, signal }: FaultRequest): Promise<MutationEvidence> {
  const { mutations: recorded } = lock ?? {}
  if (!options.mutations && recorded?.of === measuredOn(design, sql)) return { ...recorded.evidence, open: null }
  return await proveMutations({
    server,
    plan: design.plan,
    sql: generatedSql(design, sql),
    ...(design.prepared ? { prepared: design.prepared } : {}),
    ...(options.mutations ? {} : { atMost: inPassing }),
    progress: (message) => progress(`Trying ${message}`),
    signal,
  })
}

/** What a score is worth: the migrations, byte for byte. */
export function measuredOn(design: PlannedDesign, sql: readonly PlannedFile[]): string {
  return hashText(generatedSql(design, sql).migrations.map(({ path, sql: text }) => `-- ${path}\n${text}`).join('\n'))
}
