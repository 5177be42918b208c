/** Buckets of Supabase Storage on the access page: rules, layout of the keys, what was observed, the policies. */
import type { AccessEvidence } from '../../design/evidence.ts'
import type { Plan } from '../../design/plan.ts'
import { objectsTable } from '../../design/object-facts.ts'
import { verbs } from '../../design/spec.ts'
import { matrixView } from './access-matrix.ts'
import { code, prose, table } from './markdown.ts'
import { policyBlock } from './policy-view.ts'
import { ruleInWords } from './rule-words.ts'
import { keyLayout } from '../storage.ts'

export interface BucketSection {
  name: string
  rules: string
  says: string
  matrix: string
  footnotes: string
  policies: { title: string; block: string }[]
}

export function bucketSections({ buckets, spec }: Plan, access: AccessEvidence): BucketSection[] {
  return buckets.map((bucket) => {
    const { file, objects, policies } = bucket
    const seen = access.tables.find((one) => one.schema === 'storage' && one.table === `objects in ${file.bucket}`)
    const matrix = seen && seen.cells.length > 0 ? matrixView(seen) : null
    return {
      name: file.bucket,
      rules: table(['verb', 'who'], verbs.map((verb) => [verb, ruleInWords(objectsTable(file), spec.tenancy, verb)])),
      says: [
        `Keys are ${code(keyLayout(bucket))}: ${folderWords[objects.scope]} Whether that row is there is not asked.`,
        'Only such keys are written, without empty segments, `.` and `..`. To overwrite an object (`upsert`) takes insert, select and update.',
        objects.public ? `**The bucket is public**: whoever knows a key gets the object, whatever the policies say. Because ${prose(objects.because ?? '').replace(/\.$/, '')}.` : 'The bucket is private.',
        ...(objects.because !== null && !objects.public ? [`Everybody may read, because ${prose(objects.because).replace(/\.$/, '')}.`] : []),
      ].join(' '),
      matrix: matrix?.table ?? 'Not observed.',
      footnotes: (matrix?.footnotes ?? []).map((sentence, place) => `${place + 1}. ${sentence}`).join('\n'),
      policies: policies.map((policy) => ({ title: `${code(policy.name)}: ${prose(policy.says)}`, block: policyBlock(policy, { schema: 'storage', name: 'objects' }) })),
    }
  })
}

const folderWords = {
  tenant: 'the first folder is the tenant, compared as text with those of the caller, the second the key of the row.',
  owner: 'the first folder is the user, compared as text with the caller, the second the key of the row.',
  row: 'the first folder is the key of the row; whose an object is says `owner_id`, which the storage server sets.',
} as const
