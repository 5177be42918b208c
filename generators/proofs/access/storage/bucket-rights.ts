/** What no request to the database shows of a bucket: that it is served without a policy, and whom a policy speaks to in vain. */
import type { Plan } from '../../../design/plan.ts'
import type { Session } from '../../../postgres/session.ts'
import { arrayText } from '../../fixtures/value-text.ts'

/** One sentence for each thing that is too much. Buckets and policies that are not there yet are left out. */
export async function bucketFaults(session: Session, plan: Plan): Promise<string[]> {
  if (plan.buckets.length === 0) return []
  const { rows } = await session.query<{ id: string; public: boolean; limit: string | null; types: string[] | null; policies: FoundPolicy[] }>(query, [arrayText(plan.buckets.map(({ file }) => file.bucket)), arrayText(plan.buckets.flatMap(({ policies }) => policies.map(({ name }) => name)))])
  return plan.buckets.flatMap(({ file, objects, policies }) => {
    const found = rows.find(({ id }) => id === file.bucket)
    if (!found) return []
    return [
      ...(found.public && !objects.public ? [`the bucket ${file.bucket} is public: every object is served without asking a policy`] : []),
      ...(found.limit === (file.maxBytes === null ? null : String(file.maxBytes)) && JSON.stringify(found.types) === JSON.stringify(file.contentTypes.length === 0 ? null : file.contentTypes) ? [] : [`the bucket ${file.bucket} takes other sizes or types than the spec says`]),
      ...policies.flatMap((policy) =>
        found.policies
          .filter(({ name, role }) => name === policy.name && !policy.roles.some((known) => known === role))
          .map(({ name, role }) => `the policy ${name} on storage.objects speaks to ${role}, whom the spec lets nothing of it`),
      ),
    ]
  })
}

interface FoundPolicy {
  name: string
  role: string
}

const query = `
  select id, public, file_size_limit::text as limit, allowed_mime_types as types, (
    select coalesce(json_agg(json_build_object('name', polname, 'role', case when role = 0 then 'public' else role::regrole::text end) order by polname, role), '[]')
    from pg_policy, unnest(polroles) as role where polrelid = 'storage.objects'::regclass and polname = any ($2::text[])) as policies
  from storage.buckets where id = any ($1::text[])`
