/** What clients call instead of DELETE, and to undo it. */
import { type QualifiedName, composedName } from '../sql/identifier.ts'

export function softDeleteFunction(verb: 'delete' | 'undelete', { schema, name }: QualifiedName): QualifiedName {
  return { schema, name: composedName([verb], name) }
}
