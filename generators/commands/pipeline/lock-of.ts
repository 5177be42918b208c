/** What the lock will hold once everything is written. */
import { schemaDocsIndex } from '../../artifacts/schema-docs/folder.ts'
import type { MutationEvidence } from '../../design/mutation-evidence.ts'
import type { PlannedFile } from '../../design/planned-file.ts'
import { type Lock, lockPath, renderLock } from '../../repository/lock.ts'
import { hashText } from '../../repository/text-file.ts'
import type { PlannedDesign } from './plan-files.ts'

interface LockInput {
  before: Lock | null
  /** Files with a conflict keep their old hash, so that the next run still sees it. */
  conflicts: ReadonlySet<string>
  mutations: MutationEvidence | undefined
  measuredOn: string
}

export function lockOf(design: PlannedDesign, files: readonly PlannedFile[], { before, conflicts, mutations, measuredOn }: LockInput): PlannedFile {
  const old = new Map(before?.files.map((file) => [file.path, file]))
  const lock: Lock = {
    version: 1,
    spec: hashText(design.specText),
    phases: design.phases.map(({ id, version, migration }) => ({ id, version, migration })),
    files: files.filter(({ path }) => path !== schemaDocsIndex).flatMap(({ path, kind, text }) => {
      if (!conflicts.has(path)) return [{ path, kind, sha256: hashText(text) }]
      const known = old.get(path)
      return known ? [known] : []
    }),
    ...(mutations?.open === null ? { mutations: { of: measuredOn, evidence: mutations } } : {}),
    functions: design.plan.functions.map(({ name, exists }) => ({ name: `${name.schema}.${name.name}`, owned: !exists })),
  }
  return { path: lockPath(design.plan.spec.design), text: renderLock(lock), kind: 'lock' }
}
