/** Everything that is generated, in the order of the files. A new artifact is a new file and one line here. */
import type { PlannedFile } from '../design/planned-file.ts'
import type { Artifact, ArtifactInput, DocumentInput, TestInput } from './define-artifact.ts'
import { accessPage } from './access-page.ts'
import { indexPage } from './index-page.ts'
import { indexes } from './indexes.ts'
import { jobs } from './jobs.ts'
import { overview } from './overview.ts'
import { pgtap } from './pgtap.ts'
import { review } from './review.ts'
import { rls } from './rls.ts'
import { rollout } from './rollout.ts'
import { schemaDocs } from './schema-docs.ts'
import { storage } from './storage.ts'
import { tables } from './tables.ts'
import { tenantKeys } from './tenant-keys.ts'
import { verification } from './verification.ts'
import { views } from './views.ts'

export const artifacts: readonly Artifact[] = [tenantKeys, tables, rls, views, storage, jobs, indexes, pgtap, overview, accessPage, indexPage, rollout, verification, review, schemaDocs]

/** Migrations and rollbacks. */
export async function renderSql(input: ArtifactInput): Promise<PlannedFile[]> {
  const files: PlannedFile[] = []
  for (const artifact of artifacts) if (artifact.stage === 'sql') files.push(...(await artifact.render(input)))
  return files
}

/** What `supabase test db` runs. */
export async function renderTests(input: TestInput): Promise<PlannedFile[]> {
  const files: PlannedFile[] = []
  for (const artifact of artifacts) if (artifact.stage === 'test') files.push(...(await artifact.render(input)))
  return files
}

/** The pages in `docs/db/<design>/`, from the evidence. */
export async function renderDocuments(input: DocumentInput): Promise<PlannedFile[]> {
  const files: PlannedFile[] = []
  for (const artifact of artifacts) if (artifact.stage === 'document') files.push(...(await artifact.render(input)))
  return files
}
