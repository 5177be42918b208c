/** Files in S3: what the database knows of them, and what it does not do. */
import type { Plan } from '../../design/plan.ts'
import type { FileSpec } from '../../design/spec.ts'
import { bullets, code, codes } from './markdown.ts'
import { decimalSize } from './quantity.ts'
import { ruleInWords } from './rule-words.ts'
import { keyLayout } from '../storage.ts'
import { nameOf, sameTable } from '../../planner/table-indexes.ts'

/** Empty when the design stores no files. */
export function filesSection(plan: Plan): string {
  return plan.spec.files.map((file) => `### ${file.name}\n\n${bullets(factsOf(file, plan))}`).join('\n\n')
}

function factsOf(file: FileSpec, plan: Plan): string[] {
  const holder = file.metadataTable ?? file.table
  const planned = plan.tables.find((table) => sameTable(table.table, holder))
  const columns = planned?.columns.filter((column) => column.origin === 'file') ?? []
  const state = columns.find((column) => column.oneOf !== null)
  return [
    `Bytes in bucket ${code(file.bucket)}, metadata in ${code(nameOf(holder))}${file.metadataTable ? `, many for each row of ${code(nameOf(file.table))}` : ''}.`,
    ...(columns.length > 0 ? [`Columns: ${codes(columns.map((column) => column.name))}.`] : []),
    ...columns.filter((column) => column.comment !== null).map((column) => `${code(column.name)}: ${column.comment ?? ''}`),
    ...(state?.oneOf ? [`State ${code(state.name)}: ${codes(state.oneOf)}.`] : []),
    ...(planned ? [`${file.objects ? 'Who may read the metadata' : 'Who may read the metadata, and so be given a signed URL'}: ${ruleInWords(planned.table, plan.spec.tenancy, 'select')}.`] : []),
    ...limits(file),
    ...(file.objects ? [`The bucket is in Supabase Storage, ${file.objects.public ? 'public' : 'private'}; keys are ${code(keyLayout({ file, objects: file.objects }))}. Who reaches the objects stands on the [access page](access.md).`, 'The metadata is written by the service, and the jobs that expire or remove objects are not generated.'] : ['The bucket, the signing of URLs and the jobs that expire or remove objects are not generated.']),
  ]
}

function limits(file: FileSpec): string[] {
  return [
    ...(file.maxBytes === null ? [] : [`At most ${decimalSize(file.maxBytes)} for a file.`]),
    ...(file.contentTypes.length === 0 ? [] : [`Content types: ${codes(file.contentTypes)}.`]),
    ...(file.versioned ? ['The bucket keeps versions: erasing means every version.'] : []),
    ...(file.pendingExpires === null ? [] : [`An upload that is not completed is void after ${file.pendingExpires.text}.`]),
    ...(file.afterDelete === null ? [] : [`The object is to go ${file.afterDelete.text} after its row was deleted.`]),
  ]
}
