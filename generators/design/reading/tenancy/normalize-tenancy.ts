/** The tenancy of a design, with every name looked up. */
import { hasBtreeEquality, readType } from '../tables/column-types.ts'
import type { TenancyInput } from '../../input.ts'
import { createdTenancy } from './created-organizations.ts'
import { existingTenancy } from './existing-organizations.ts'
import { type Reading, readName } from '../reading.ts'
import { readRoles } from './read-roles.ts'
import type { Path } from '../../source.ts'
import type { Tenancy } from '../../spec.ts'

const path: Path = ['tenancy']

/** After issues, the tenancy as far as it could be read; `none` when there is nothing to build on. */
export function normalizeTenancy(reading: Reading): Tenancy {
  const input = reading.input.tenancy ?? { model: 'none' }
  refuseForeignKeys(reading, input)
  if (input.model === 'tenant_column') return tenantColumn(reading, input)
  if (input.model === 'none') return { model: 'none' }
  const column = readName(reading, [...path, 'column'], input.column ?? 'org_id')
  const roles = readRoles(reading, input)
  if (column === null) return { model: 'none' }
  if (!input.create) refuseFunctions(reading, input)
  return (input.create ? createdTenancy(reading, input, column, roles) : existingTenancy(reading, input, column, roles)) ?? { model: 'none' }
}

const keysOf: Record<TenancyInput['model'], string[]> = {
  none: ['model'],
  tenant_column: ['model', 'column', 'type', 'claim', 'floor'],
  organization: ['model', 'column', 'organizations', 'memberships', 'roles', 'create', 'functions', 'managers', 'invitations', 'floor'],
}

function refuseForeignKeys({ issues }: Reading, input: TenancyInput): void {
  for (const key of Object.keys(input)) {
    if (keysOf[input.model].includes(key)) continue
    issues.add({
      code: 'SPEC_CONFLICT', path: [...path, key], key: true,
      message: `The tenancy model ${input.model} has no key "${key}".`,
      remedy: `Its keys are: ${keysOf[input.model].join(', ')}.`,
    })
  }
}

/** Of memberships that are there already, the repository's own code is in charge. */
function refuseFunctions({ issues }: Reading, input: TenancyInput): void {
  for (const key of ['functions', 'managers', 'invitations'] as const)
    if (input[key] !== undefined && input[key] !== false)
      issues.add({
        code: 'SPEC_CONFLICT', path: [...path, key], key: true,
        message: `"${key}" is about organisations that this design creates, and yours are there already.`,
        remedy: 'Remove the key, or write: create: true',
      })
}

function tenantColumn(reading: Reading, input: TenancyInput): Tenancy {
  const column = readName(reading, [...path, 'column'], input.column ?? 'tenant_id')
  const type = input.type === undefined ? null : readType(reading, [...path, 'type'], input.type)
  if (type && (type.isArray || !hasBtreeEquality(type)))
    reading.issues.add({
      code: 'SPEC_CONFLICT', path: [...path, 'type'],
      message: `A tenant cannot be told by ${type.sql}: it must be one value that can be compared.`,
      remedy: 'Use type: uuid, bigint or text.',
    })
  const claim = readClaim(reading, input.claim ?? 'app_metadata.tenant_id')
  return column === null || claim === null ? { model: 'none' } : { model: 'tenant_column', column, type: type?.sql ?? 'uuid', claim }
}

/** `user_metadata` is what users write about themselves. */
function readClaim({ issues }: Reading, claim: string): string[] | null {
  const parts = claim.split('.')
  const [root, ...rest] = parts
  if (root === 'app_metadata' && rest.length > 0 && rest.every((part) => /^[\w-]{1,63}$/.test(part))) return parts
  const message =
    root === 'user_metadata'
      ? 'Users write user_metadata themselves: whoever reads the tenant from it lets everybody in everywhere.'
      : `"${claim}" is not in the part of the token that only the server writes.`
  issues.add({
    code: 'SPEC_VALUE', path: [...path, 'claim'],
    message,
    remedy: 'Use a claim below app_metadata, for example: app_metadata.tenant_id',
  })
  return null
}
