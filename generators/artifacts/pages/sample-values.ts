/** Values to run a query with by hand: of the right type, to be replaced by real ones. */
import { literal } from '../../sql/literal.ts'
import type { QueryPlan } from '../../design/plan.ts'

type Parameter = QueryPlan['parameters'][number]

/** One SQL expression for each parameter. */
export function sampleValues(parameters: readonly Parameter[]): string[] {
  return parameters.map(sampleValue)
}

function sampleValue({ type, role }: Parameter): string {
  if (role === 'offset') return '0'
  const base = type.toLowerCase()
  if (base.endsWith('[]')) return `array[${scalar(base.slice(0, -2))}]::${type}`
  return `${scalar(base)}::${type}`
}

function scalar(type: string): string {
  if (type.startsWith('uuid')) return literal('00000000-0000-0000-0000-000000000000')
  if (/^(bigint|int|smallint|numeric|decimal|real|double|float)/.test(type)) return '1'
  if (/^(timestamp|date)/.test(type)) return 'now()'
  if (type.startsWith('bool')) return 'true'
  return literal(type.startsWith('json') ? '{}' : type.startsWith('interval') ? '1 day' : 'x')
}
