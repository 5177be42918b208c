/** What must be true before the next phase: a question to the database, and the answer that lets the rollout go on. */
import type { NumberedPhase, Plan } from '../../design/plan.ts'
import { literalList } from '../../sql/literal.ts'
import { tableArray } from './data-checks.ts'
import { code, fence, listed } from './markdown.ts'
import { nameOf } from '../../planner/table-indexes.ts'

export interface Gate {
  /** The answer that is expected. */
  expects: string
  sql: string
}

/** Runs as role `postgres` after the phase. */
export function gateAfter(phase: NumberedPhase, plan: Plan): Gate {
  const [what = '', object = ''] = phase.id.split(/:(.*)/s)
  if (what === 'tables') return closed(plan)
  if (what === 'rls') return opened(plan)
  if (what === 'jobs') return employed(plan)
  if (what === 'views') return invokers(plan)
  if (what === 'storage') return buckets(plan)
  if (what === 'tenant-key') return validIndexes(plan.tenantKeys.filter(({ table }) => `${table.schema}.${table.name}` === object).map(({ name }) => name))
  return validIndexes(what === 'index' ? [object] : plan.indexes.filter((index) => index.concurrently === (what === 'indexes-valid')).map((index) => index.name))
}

function closed(plan: Plan): Gate {
  return {
    expects: `${plan.tables.length} ${plan.tables.length === 1 ? 'row' : 'rows'}, \`row_security\` true and \`open_to\` null in each.`,
    sql: fence(
      'sql',
      [
        'select c.oid::regclass as "table", c.relrowsecurity as row_security,',
        '       (select string_agg(distinct grantee::regrole::text, \', \')',
        "        from aclexplode(c.relacl) where grantee in ('anon'::regrole, 'authenticated'::regrole) or grantee = 0) as open_to",
        'from pg_class as c',
        `where c.oid = any (${tableArray(plan)});`,
      ].join('\n'),
    ),
  }
}

function opened(plan: Plan): Gate {
  const expected = plan.tables.map((table) => `${table.policies.length} on ${code(nameOf(table.table))}`)
  return {
    expects: `policies: ${listed(expected)}. The roles are those of the [access page](access.md).`,
    sql: fence(
      'sql',
      [
        'select c.oid::regclass as "table",',
        '       (select count(*) from pg_policy where polrelid = c.oid) as policies,',
        "       (select string_agg(distinct a.grantee::regrole::text, ', ') from aclexplode(c.relacl) as a",
        "        where a.grantee in ('anon'::regrole, 'authenticated'::regrole, 'service_role'::regrole)) as roles",
        'from pg_class as c',
        `where c.oid = any (${tableArray(plan)});`,
      ].join('\n'),
    ),
  }
}

function buckets(plan: Plan): Gate {
  const expected = plan.buckets.map(({ file, objects, policies }) => `${code(file.bucket)} ${objects.public ? 'public' : 'private'} with ${policies.length} ${policies.length === 1 ? 'policy' : 'policies'}`)
  const names = plan.buckets.flatMap(({ file, policies }) => policies.map(({ name }) => `(${literalList([file.bucket, name])})`))
  return {
    expects: `${listed(expected)}.`,
    sql: fence(
      'sql',
      [
        'select b.id as bucket, b.public, (',
        '  select count(*) from pg_policy as p',
        ...(names.length > 0 ? [`  join (values ${names.join(', ')}) as planned (bucket, name) on planned.name = p.polname`, "  where p.polrelid = 'storage.objects'::regclass and planned.bucket = b.id"] : ['  where false']),
        ') as policies',
        'from storage.buckets as b',
        `where b.id in (${literalList(plan.buckets.map(({ file }) => file.bucket))});`,
      ].join('\n'),
    ),
  }
}

function invokers({ views }: Plan): Gate {
  return {
    expects: `${views.length} ${views.length === 1 ? 'row' : 'rows'}, \`as_the_caller\` true in each. The roles are those of the [access page](access.md).`,
    sql: fence(
      'sql',
      [
        'select c.oid::regclass as "view",',
        "       coalesce((select option_value::boolean from pg_options_to_table(c.reloptions) where option_name = 'security_invoker'), false) as as_the_caller,",
        "       (select string_agg(distinct a.grantee::regrole::text, ', ') from aclexplode(c.relacl) as a where a.grantee <> c.relowner) as roles",
        'from pg_class as c',
        `where c.oid = any (array[${literalList(views.map(({ view }) => nameOf(view)))}]::regclass[]);`,
      ].join('\n'),
    ),
  }
}

function employed({ jobs }: Plan): Gate {
  const policies = (job: Plan['jobs'][number]) => job.tables.reduce((sum, one) => sum + one.policies.length, 0)
  return {
    expects: `${listed(jobs.map((job) => `${code(job.job.role)} with at least ${policies(job)} policies`))}; \`strong\` false in each row.`,
    sql: fence(
      'sql',
      [
        'select r.rolname as job, r.rolsuper or r.rolbypassrls or r.rolcreaterole as strong,',
        '       (select count(*) from pg_policy where r.oid = any (polroles)) as policies',
        'from pg_roles as r',
        `where r.rolname in (${literalList(jobs.map(({ job }) => job.role))});`,
      ].join('\n'),
    ),
  }
}

function validIndexes(names: readonly string[]): Gate {
  return {
    expects: `${names.length} ${names.length === 1 ? 'row' : 'rows'}, \`valid\` true in each.`,
    sql: fence(
      'sql',
      ['select c.oid::regclass as index, i.indisvalid and i.indisready as valid', 'from pg_index as i', 'join pg_class as c on c.oid = i.indexrelid', `where c.relname in (${literalList(names)});`].join('\n'),
    ),
  }
}
