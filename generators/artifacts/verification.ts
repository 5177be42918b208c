import type { Evidence, ProofId } from '../design/evidence.ts'
import type { Plan } from '../design/plan.ts'
import { literal, literalList } from '../sql/literal.ts'
import { type DocumentInput, defineArtifact } from './define-artifact.ts'
import { orphanCheck, softDeleteCheck, tableArray } from './pages/data-checks.ts'
import { bullets, code, fence, prose, table } from './pages/markdown.ts'
import { fileLink, renderPage } from './pages/page.ts'
import { proofIds, proofTable, proofTitles } from './pages/proof-table.ts'
import { stagingExplain } from './pages/staging-explain.ts'

/** What was seen, and how to see it again where the rows are real. */
export const verification = defineArtifact({
  id: 'verification',
  title: 'Evidence, and the staging workflow',
  stage: 'document',
  render: async (input) => renderPage('verification', 'verification', input, verificationView(input)),
})

function verificationView(input: DocumentInput) {
  const { plan, evidence, specPath, sql } = input
  const tests = sql.filter((file) => file.kind === 'test').map((file) => file.path)
  return {
    server: evidence.server,
    proofs: proofTable(input),
    findings: bullets(findings(evidence)),
    files: fileRuns(evidence),
    tests: tests.map((path) => fileLink(path)).join(', '),
    testPaths: tests.join(' '),
    // Without rows the file asserts rights and shape only.
    actsOut: sql.some((file) => file.kind === 'test' && file.text.includes('pg_temp.outcome')),
    specPath,
    queries: plan.queries.map((query) => ({
      name: query.query.name,
      expected: query.index === null ? 'The design expects no index for it.' : `Expected: ${code(query.index)}, and no \`Seq Scan\` of a large table.`,
      block: fence('sql', stagingExplain(query, plan)),
    })),
    commonValues: commonValues(plan),
    statements: statementsBlock(plan),
    orphans: block(orphanCheck(plan)),
    softDeletes: block(softDeleteCheck(plan)),
    tableArray: tableArray(plan),
  }
}

function findings(evidence: Evidence): string[] {
  return proofIds.flatMap((id: ProofId) => evidence[id].findings.map((finding) => `${proofTitles[id]}, ${evidence[id].status}: ${prose(finding)}`))
}

/** Each generated file: run again, and cut off on the way. */
function fileRuns({ replay }: Evidence): string {
  return table(
    ['file', 'run a second time', 'cut off after each statement, run again'],
    replay.files.map((file) => {
      const again = replay.again.find((one) => one.file === file)
      const interrupted = replay.interrupted.find((one) => one.file === file)
      return [fileLink(file), again?.outcome ?? 'not seen', interrupted ? `${interrupted.statements} places: ${interrupted.outcome}` : 'not seen']
    }),
  )
}

/** The most frequent value of each column that a query compares, to run it where it hurts most. */
function commonValues(plan: Plan): string {
  const columns = [...new Set(plan.queries.flatMap((query) => query.parameters.flatMap(({ column, role }) => (column && (role === 'equal' || role === 'list') ? [column] : []))))]
  if (columns.length === 0) return ''
  return fence(
    'sql',
    [
      'select tablename, attname, (most_common_vals::text::text[])[1] as most_frequent, most_common_freqs[1] as share',
      'from pg_stats',
      `where (schemaname, tablename) in (${plan.tables.map((planned) => `(${literal(planned.table.schema)}, ${literal(planned.table.name)})`).join(', ')})`,
      `  and attname in (${literalList(columns)});`,
    ].join('\n'),
  )
}

function statementsBlock(plan: Plan): string {
  return fence(
    'sql requires=pg_stat_statements',
    [
      'select r.rolname, s.calls, round(s.mean_exec_time::numeric, 2) as mean_ms, round(s.stddev_exec_time::numeric, 2) as stddev_ms,',
      '       s.rows / nullif(s.calls, 0) as rows_per_call, s.shared_blks_read, left(s.query, 120) as query',
      'from extensions.pg_stat_statements as s',
      'join pg_roles as r on r.oid = s.userid',
      `where ${plan.tables.map((planned) => `s.query ilike ${literal(`%${planned.table.name}%`)}`).join('\n   or ')}`,
      'order by s.total_exec_time desc',
      'limit 20;',
    ].join('\n'),
  )
}

function block(sql: string | null): string {
  return sql === null ? '' : fence('sql', sql)
}
