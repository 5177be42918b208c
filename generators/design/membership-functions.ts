/** What members of created organisations do themselves, as the spec says it. */
import type { QualifiedName } from '../sql/identifier.ts'

/** `invite` stands for inviting, accepting and revoking. */
export type MembershipTask = 'create' | 'invite' | 'set_role' | 'remove' | 'leave' | 'transfer' | 'delete'

export interface MembershipFunctions {
  tasks: MembershipTask[]
  /** Weakest role that invites, removes and gives roles. */
  managers: string
  /** Null without the task `invite`. */
  invitations: { table: QualifiedName; tokens: QualifiedName; expires: { text: string; days: number } } | null
}
