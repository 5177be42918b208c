/** A design spec from text: parsed, normalised and checked against what the database holds. */
import { TrrError } from '../errors.ts'
import { loadParser } from '../sql/parser.ts'
import type { Catalog } from './catalog.ts'
import { checkCycles } from './reading/check-cycles.ts'
import { checkFollowed } from './reading/check-followed.ts'
import { checkNotYet } from './reading/check-not-yet.ts'
import { checkRealtime } from './reading/tables/check-realtime.ts'
import { checkSoftDelete } from './reading/tables/check-soft-delete.ts'
import { checkStructure } from './reading/check-structure.ts'
import { normalizeFloor } from './reading/tenancy/normalize-floor.ts'
import { checkTenancyVia, readTenancyVia } from './reading/tenancy/check-tenancy.ts'
import { createdTables } from './reading/tenancy/created-organizations.ts'
import type { Habits } from './habits.ts'
import { type Issues, collectIssues } from './issues.ts'
import { NameError, parseName } from './names.ts'
import { normalizeAccess } from './reading/tables/normalize-access.ts'
import { normalizeConstraints } from './reading/tables/normalize-constraints.ts'
import { normalizeExisting } from './reading/normalize-existing.ts'
import { normalizeFiles } from './reading/files/normalize-files.ts'
import { checkJobQueries } from './reading/jobs/check-job-queries.ts'
import { normalizeJobs } from './reading/jobs/normalize-jobs.ts'
import { normalizeQueries } from './reading/normalize-queries.ts'
import { checkSearchQueries } from './reading/check-search-queries.ts'
import { normalizeReferences } from './reading/tables/normalize-references.ts'
import { normalizeApproved, normalizeDecisions, normalizePrivacy, normalizeSamples, normalizeStory } from './reading/normalize-rest.ts'
import { checkSharesAccess, withShares } from './reading/tables/normalize-shares.ts'
import { normalizeScale } from './reading/tables/normalize-scale.ts'
import { draftTable } from './reading/tables/normalize-shape.ts'
import { readAccessVia } from './reading/tables/resolve-via.ts'
import { normalizeTenancy } from './reading/tenancy/normalize-tenancy.ts'
import { normalizeRetention, normalizeWrites } from './reading/tables/normalize-writes.ts'
import { checkTop, readHorizon } from './reading/read-top.ts'
import type { Reading } from './reading/reading.ts'
import { relationsOf, withViews } from './reading/relations.ts'
import { normalizeViews } from './reading/views/normalize-views.ts'
import { parseSource } from './source.ts'
import type { Spec, Tenancy } from './spec.ts'
import type { TableDraft } from './reading/table-draft.ts'

export interface SpecContext {
  catalog: Catalog
  habits: Habits
}

/**
 * Parses, normalises and checks a design spec.
 * Throws {@link TrrError} (exit code 2) with all issues, each with its place, the line and a remedy.
 */
export async function readSpec(text: { text: string; file: string }, context: SpecContext): Promise<Spec> {
  await loadParser()
  const source = parseSource(text)
  const { input, faults, broken } = checkStructure(source)
  const issues = collectIssues(source, broken)
  for (const fault of faults) issues.add(fault)
  const spec = input && normalize({ ...context, source, issues, input, schema: schemaOf(input.schema, context.habits) })
  failOn(issues)
  if (!spec) throw new Error('A spec without issues has an input.')
  return spec
}

function failOn(issues: Issues): void {
  const list = issues.list()
  if (list.length > 0) throw new TrrError(list)
}

/** A schema that is no name is reported later. */
function schemaOf(written: string | undefined, habits: Habits): string {
  try {
    return written === undefined ? habits.schema : parseName(written)
  } catch (error) {
    if (error instanceof NameError) return habits.schema
    throw error
  }
}

function normalize(reading: Reading): Spec {
  const { input, issues, schema, catalog } = reading
  checkNotYet(input, issues)
  checkTop(reading)
  const horizon = readHorizon(reading)
  const tenancy = normalizeTenancy(reading)
  const drafts = withShares(reading, draftTables(reading, tenancy), tenancy)
  const relations = relationsOf(drafts, catalog, tenancy)
  for (const draft of drafts) normalizeConstraints(reading, draft)
  for (const draft of drafts) {
    normalizeReferences(reading, draft, relations)
    readTenancyVia(reading, draft, relations, tenancy)
    readAccessVia(reading, draft, relations)
  }
  for (const draft of drafts) {
    normalizeAccess(reading, draft, tenancy)
    normalizeScale(reading, draft, horizon)
    normalizeWrites(reading, draft)
    normalizeRetention(reading, draft)
    checkTenancyVia(reading, draft, relations, tenancy)
    checkSoftDelete(reading, draft)
    checkRealtime(reading, draft)
  }
  for (const draft of drafts) checkSharesAccess(reading, draft, drafts)
  checkCycles(drafts, issues)
  checkFollowed(drafts, tenancy, issues)
  const { files, tables } = normalizeFiles(reading, relations, tenancy)
  const all = [...drafts, ...tables]
  for (const draft of all) normalizeFloor(reading, draft, all.map(({ spec }) => spec), tenancy)
  const everything = relationsOf(all, catalog, tenancy)
  const views = normalizeViews(reading, everything)
  const jobs = normalizeJobs(reading, everything)
  const queries = normalizeQueries(reading, withViews(everything, views, catalog))
  checkJobQueries(reading, queries, jobs)
  checkSearchQueries(reading, queries, all.map(({ spec }) => spec), tenancy)
  return {
    design: input.design,
    story: normalizeStory(reading),
    schema,
    tenancy,
    tables: all.map((draft) => draft.spec),
    views,
    existing: normalizeExisting(reading, everything, horizon),
    jobs,
    queries,
    files,
    privacy: normalizePrivacy(reading, everything),
    decisions: normalizeDecisions(reading),
    samples: normalizeSamples(reading, everything),
    approved: normalizeApproved(reading),
    horizon,
  }
}

function draftTables(reading: Reading, tenancy: Tenancy): TableDraft[] {
  const drafts = tenancy.model === 'organization' && tenancy.create ? createdTables(tenancy, reading.catalog) : []
  for (const [key, table] of Object.entries(reading.input.tables ?? {})) {
    const path = ['tables', key]
    const draft = draftTable(reading, path, key, table, tenancy)
    const twin = draft && drafts.find(({ spec }) => spec.schema === draft.spec.schema && spec.name === draft.spec.name)
    if (twin)
      reading.issues.add({
        code: 'SPEC_DUPLICATE', path, key: true,
        message: `The table "${draft.spec.schema}.${draft.spec.name}" stands in this design twice.`,
        remedy: 'Names are folded to lower case, as Postgres does it: choose another.',
      })
    else if (draft) drafts.push(draft)
  }
  return drafts
}

