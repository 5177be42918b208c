import type { Catalog } from '../design/catalog.ts'
import type { Plan, ViewPlan } from '../design/plan.ts'
import type { Spec } from '../design/spec.ts'
import type { ViewSpec } from '../design/view-spec.ts'
import { type QualifiedName, qualified } from '../sql/identifier.ts'

export function planViews({ views }: Spec): ViewPlan[] {
  return views.map((view) => ({ view, definition: viewDefinition(view, view.sql) }))
}

/**
 * The option stands in every statement that makes a view: CREATE OR REPLACE without it takes it away. With it the caller's
 * rights and policies hold for what the view reads, from Postgres 15 on; without it those of the view's owner, who passes every policy.
 */
export function viewDefinition(view: QualifiedName, select: string, { replace = false } = {}): string {
  return `create ${replace ? 'or replace ' : ''}view ${qualified(view)} with (security_invoker = true) as\n${select}`
}

/** The view of that name, if the design has it. */
export function findView(spec: Pick<Spec, 'views'>, { schema, name }: QualifiedName): ViewSpec | undefined {
  return spec.views.find((view) => view.schema === schema && view.name === name)
}

/** Schemas of the views, and roles that need USAGE on them and get it nowhere else. */
export function viewUsage({ spec, schemaUsage }: Pick<Plan, 'spec' | 'schemaUsage'>, catalog: Catalog): { schema: string; roles: string[] }[] {
  return [...new Set(spec.views.map(({ schema }) => schema))].flatMap((schema) => {
    const has = [...(catalog.schemas.find((one) => one.name === schema)?.usage ?? []), ...schemaUsage.filter((one) => one.schema === schema).flatMap(({ roles }) => roles)]
    const roles = [...new Set(spec.views.filter((view) => view.schema === schema).flatMap((view) => view.roles))].filter((role) => !has.includes(role))
    return roles.length > 0 ? [{ schema, roles }] : []
  })
}
