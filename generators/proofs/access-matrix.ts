/** Who may do what, observed: identity × row × shape of request, held against the spec's own evaluator. */
import type { AccessCell, AccessEvidence, AccessTableEvidence, ActingEvidence, PromotionEvidence } from '../design/evidence.ts'
import { type Plan, decidesAccess } from '../design/plan.ts'
import type { GeneratedSql, SqlFile } from '../design/sql-file.ts'
import { applyFiles } from '../postgres/replay.ts'
import type { ReplayedServer } from '../postgres/server.ts'
import type { Session } from '../postgres/session.ts'
import { evidenceOf, findingOf, isWrong, proveActing } from './access/acting/acting.ts'
import { announced } from './access/announced.ts'
import { catalogFaults } from './access/catalog-faults.ts'
import { jobExcess } from './access/job-excess.ts'
import { employJobs } from './access/job-people.ts'
import { jobsFile } from './access/prepare-jobs.ts'
import type { Matrix } from './access/merge.ts'
import { otherRightsText } from './access/other-rights.ts'
import { type Prepared, prepare, subjectsOf } from './access/prepare.ts'
import { type Stage, proveTables } from './access/prove-tables.ts'
import type { PreparedSubject } from './access/requests.ts'
import { provePromotions } from './access/promotions.ts'
import { rightsText } from './access/rights-text.ts'
import { installRunner } from './access/runner.ts'
import { surroundingsOf } from './access/surroundings.ts'
import { refusalOf, stopIfAborted } from './proof-error.ts'

export interface AccessOptions {
  server: ReplayedServer
  plan: Plan
  sql: GeneratedSql
  /** Migrations behind those of the design: whatever they do, the spec still says who may do what. */
  later?: readonly SqlFile[]
  /** People and rows, when they were made before. */
  prepared?: Prepared
  /** The default privileges of `server`. */
  world?: DefaultPrivileges
  /** Opens the same history under the other default privileges; it is stopped afterwards. */
  otherWorld?: () => Promise<ReplayedServer>
  progress?: (message: string) => void
  signal?: AbortSignal
}

type DefaultPrivileges = AccessEvidence['worlds'][number]

/** Findings beyond these are counted, not listed: one mistake shows in many cells. */
const listed = 60

/** Probes after every file, in both worlds side by side. A fixture that cannot be found leaves the proof open. */
export async function proveAccess(options: AccessOptions): Promise<AccessEvidence> {
  const { server, plan, sql, later = [], world = 'explicit', otherWorld } = options
  if (!decidesAccess(plan)) return { status: 'proved', findings: [], tables: [], probes: 0, worlds: [], afterFiles: [] }
  const rights = announced<string>([...sql.migrations, ...later].map(({ path }) => path))
  const first = proveWorld(server, options, options.prepared, async (path, text) => {
    rights.tell(path, text)
    return false
  }).finally(rights.end)
  const second = otherWorld && proveOther(otherWorld, options, first, async (path, text) => (await rights.hear(path)) === text)
  // Both have ended before the caller stops a server.
  await Promise.allSettled([first, second])
  const runs = [{ world, ...(await first) }, ...(second ? [{ world: world === 'explicit' ? ('legacy' as const) : ('explicit' as const), ...(await second) }] : [])]
  const failed = [...new Set(runs.flatMap((run) => run.findings))]
  const open = [...new Set(runs.flatMap((run) => run.open))]
  const surplus = failed.length - listed
  const probes = runs.reduce((sum, run) => sum + run.probes, 0)
  // Nothing that was not observed is written: a design without one request is not green.
  const unseen = probes === 0 ? ['No request could be sent, so nothing is known of who may do what. Rows that cannot be guessed go under `samples` of the spec'] : []
  return {
    status: failed.length + unseen.length > 0 ? 'failed' : open.length > 0 ? 'open' : 'proved',
    findings: [...failed.slice(0, listed), ...(surplus > 0 ? [`${surplus} more requests disagree`] : []), ...unseen, ...open],
    tables: worst(runs.map(({ matrices }) => matrices)),
    probes,
    worlds: runs.map((run) => run.world).toSorted(),
    ...acting(runs),
    afterFiles: sql.migrations.map(({ path }) => path).filter((path) => runs.every((run) => run.afterFiles.includes(path))),
    ...(runs.some((run) => run.isShort) ? { shortIn: runs.filter((run) => run.isShort).map((run) => run.world) } : {}),
  }
}

function acting(runs: readonly Pick<WorldResult, 'acting' | 'promotions'>[]): Pick<AccessEvidence, 'acting' | 'promotions'> {
  const found = runs.find((run) => run.acting)?.acting
  const promotions = runs.find((run) => run.promotions)?.promotions
  return { ...(found ? { acting: found } : {}), ...(promotions ? { promotions } : {}) }
}

interface WorldResult {
  matrices: Matrix[]
  findings: string[]
  open: string[]
  probes: number
  afterFiles: string[]
  acting?: ActingEvidence
  promotions?: PromotionEvidence
  /** The short set of requests was sent, because the rights were the other world's, line by line. */
  isShort: boolean
  prepared?: Prepared
}

/** Whether the other world has the same rights after this file. */
type HasSameRights = (path: string, rights: string) => Promise<boolean>

/** What was prepared in one world holds in the other: the keys are chosen, not drawn. */
async function proveOther(open: NonNullable<AccessOptions['otherWorld']>, options: AccessOptions, first: Promise<WorldResult>, hasSameRights: HasSameRights): Promise<WorldResult> {
  await using other = await open()
  return await proveWorld(other, options, options.prepared ?? (await first).prepared, hasSameRights)
}

async function proveWorld(server: ReplayedServer, { plan, sql, later = [], progress, signal }: AccessOptions, known: Prepared | undefined, hasSameRights: HasSameRights): Promise<WorldResult> {
  const result: WorldResult = { matrices: [], findings: [], open: [], probes: 0, afterFiles: [], isShort: false }
  await employJobs(server, plan)
  const database = await server.createDatabase()
  try {
    await using session = await database.connect()
    await installRunner(session)
    let prepared = known
    let asked = { tables: '', others: '' }
    const before = { all: await surroundingsOf(session, plan), near: await surroundingsOf(session, plan, { near: true }) }
    const files = [...sql.migrations, ...later]
    for (const [index, file] of files.entries()) {
      stopIfAborted(signal)
      // That the files apply is another proof's claim; where one does not, nothing can be observed.
      const refusal = await applyFiles(database, [file]).then(() => null, refusalOf)
      if (refusal !== null) {
        result.open.push(`access was not observed after ${file.path}: ${refusal}`)
        return result
      }
      if (!(await haveAllTables(session, plan))) {
        if (prepared) return gone(result, prepared, file)
        continue
      }
      progress?.(`Access after ${file.path}`)
      prepared ??= await prepare(session, plan)
      if (subjectsOf(prepared).length === 0) break
      const tables = await rightsText(session, plan)
      const rights = { tables, others: `${tables}\n${await otherRightsText(session, plan)}` }
      // Most migrations of a repository are about something else; the last one shows what all of them have left.
      if (index >= sql.migrations.length && index < files.length - 1 && rights.tables === asked.tables && rights.others === asked.others) {
        await hasSameRights(file.path, rights.others)
        continue
      }
      const access = accessAfter(sql.migrations, index, '_rls.sql')
      const isShort = await hasSameRights(file.path, rights.others)
      // Where nothing changed that decides, everything was asked after an earlier file.
      const stageOf = ({ requests }: Pick<PreparedSubject, 'requests'>): Stage => {
        const kind = requests ? 'others' : 'tables'
        const stage = requests ? accessAfter(sql.migrations, index, requests.opens) : access
        return { access: stage, probes: isShort || rights[kind] === asked[kind] ? 'brief' : stage === 'closed' ? 'wide' : 'all' }
      }
      const after = await proveTables(session, prepared, stageOf)
      const acted = await proveActing(session, prepared, stageOf({}))
      if (!isShort) asked = { tables: access === 'open' ? rights.tables : asked.tables, others: rights.others }
      const findings = [...after.matrices.flatMap((matrix) => matrix.findings), ...after.findings, ...(await catalogFaults(session, plan, { access, complete: index >= sql.migrations.length - 1, ...(index < sql.migrations.length ? { before: before.all } : { before: before.near, near: true }) })), ...(accessAfter(sql.migrations, index, jobsFile(plan)) === 'open' ? await jobExcess(session, plan) : [])]
      findings.push(...acted.filter(isWrong).map((one) => findingOf(one, plan.spec)))
      if (acted.some(({ case: { done } }) => done)) result.acting = evidenceOf(acted)
      result.findings.push(...findings.map((finding) => `${finding} (after ${file.path})`))
      result.open.push(...after.open.map((reason) => `${reason} (after ${file.path})`))
      result.probes += after.probes + acted.length
      result.afterFiles.push(file.path)
      result.matrices = latest(result.matrices, after.matrices)
      result.isShort ||= isShort && access === 'open'
    }
    if (prepared) result.prepared = prepared
    const promotions = prepared && result.matrices.length > 0 ? await provePromotions(session, prepared) : null
    if (promotions) result.promotions = promotions
    result.open.push(...(promotions?.passed ?? []).map(({ says, request }) => `${says}, in memberships that were there before: whatever the policies of this design ask of members, they are; request: ${request}`))
    result.open.push(...(prepared?.open ?? ['the tables of the design do not exist after its last file']))
  } finally {
    await database.drop()
  }
  return result
}

/** Nothing can be asked of tables that a later migration took away. */
function gone(result: WorldResult, prepared: Prepared, file: SqlFile): WorldResult {
  return { ...result, prepared, findings: [...result.findings, `tables of the design are gone (after ${file.path})`] }
}

/** A matrix of all requests replaces the one before it; one of a few only where there is none. */
function latest(before: readonly Matrix[], after: readonly Matrix[]): Matrix[] {
  const isOf = (matrix: Matrix) => (other: Matrix) => isSame(other.evidence, matrix.evidence)
  const kept = before.map((matrix) => after.find((other) => isOf(matrix)(other) && other.isFull) ?? matrix)
  return [...kept, ...after.filter((matrix) => !before.some(isOf(matrix)))]
}

/** Policies and grants of the tables come with the file `<n>_<design>_rls.sql`; without one, with the last file. */
function accessAfter(files: readonly SqlFile[], index: number, opening: string): Stage['access'] {
  const policies = files.findIndex(({ path }) => path.endsWith(opening))
  const opens = policies === -1 ? files.length - 1 : policies
  return index < opens ? 'closed' : 'open'
}

async function haveAllTables(session: Session, plan: Plan): Promise<boolean> {
  const { rows } = await session.query<{ schema: string; name: string }>("select schemaname as schema, tablename as name from pg_catalog.pg_tables")
  return plan.tables.every(({ table }) => rows.some(({ schema, name }) => schema === table.schema && name === table.name))
}

/** Where two worlds differ in a cell, the one with the witness is shown. */
function worst(runs: readonly Matrix[][]): AccessEvidence['tables'] {
  const [first = [], ...others] = runs
  return first.map(({ evidence }) => {
    const elsewhere = others.flatMap((run) => run.filter((matrix) => isSame(matrix.evidence, evidence)))
    const witnessed = new Map(elsewhere.flatMap((matrix) => matrix.evidence.cells).filter(({ witness }) => witness !== null).map((cell) => [placeOf(cell), cell]))
    return { ...evidence, cells: evidence.cells.map((cell) => (cell.witness === null ? (witnessed.get(placeOf(cell)) ?? cell) : cell)) }
  })
}

function isSame(left: AccessTableEvidence, right: AccessTableEvidence): boolean {
  return left.schema === right.schema && left.table === right.table && left.of === right.of
}

function placeOf({ identity, verb, row }: AccessCell): string {
  return JSON.stringify([identity, verb, row])
}
