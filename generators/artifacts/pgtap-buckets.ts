/** Buckets in the pgTAP file: what they take, whether they are public, and that their policies are those of the design. */
import type { BucketPlan } from '../design/plan.ts'
import { literal, literalList } from '../sql/literal.ts'

export const objectsTable = { schema: 'storage', name: 'objects' }

/** Other policies of the table are others' affair; what they open in this bucket, the requests below notice. */
export function bucketAssertions({ file, objects, policies }: BucketPlan): string[] {
  const bucket = literal(file.bucket)
  const types = file.contentTypes.length > 0 ? `array[${literalList(file.contentTypes)}]` : 'null'
  const policyArguments = (name: string) => `'storage', 'objects', ${literal(name)}::name`
  return [
    `is((select public from storage.buckets where id = ${bucket}), ${String(objects.public)}, ${literal(`bucket ${file.bucket} is ${objects.public ? 'public' : 'private'}`)})`,
    `ok((select file_size_limit is not distinct from ${file.maxBytes ?? 'null'} and allowed_mime_types is not distinct from ${types}::text[] from storage.buckets where id = ${bucket}), ${literal(`bucket ${file.bucket} takes what the design says`)})`,
    ...policies.flatMap(({ name, command, roles }) => [
      `policy_cmd_is(${policyArguments(name)}, ${literal(command)}, ${literal(`policy ${name} is for ${command}`)})`,
      `policy_roles_are(${policyArguments(name)}, array[${literalList(roles)}]::name[], ${literal(`policy ${name} is for ${roles.join(', ')}`)})`,
    ]),
  ]
}
