/** Who may do what in a design of an organisation, proved in both worlds of default privileges, and every fault of it tried: in seconds. */
import { readFileSync } from 'node:fs'
import { parse, stringify } from 'yaml'
import { planFiles } from '../../generators/commands/pipeline/plan-files.ts'
import { generatedSql } from '../../generators/commands/pipeline/prove-design.ts'
import { openServer } from '../../generators/postgres/server.ts'
import { proveAccess } from '../../generators/proofs/access-matrix.ts'
import { proveMutations } from '../../generators/proofs/mutations.ts'
import { readRepository } from '../../generators/repository/read.ts'

interface Design {
  design: string
  tables: Record<string, { columns: Record<string, unknown> }>
}

/** Five tables, or as many again: each a second time under another name, with references among the second ones. */
export function workshop({ twice }: { twice: boolean }): string {
  const design = parse(readFileSync('test/golden/designs/workshop.yaml', 'utf8')) as Design
  const options = { aliasDuplicateObjects: false }
  if (!twice) return stringify(design, options)
  const again = (name: string) => `${name}_again`
  const pointed = (column: unknown) => {
    const target = (column as { references?: string } | null)?.references
    return target !== undefined && target in design.tables ? { ...(column as object), references: again(target) } : column
  }
  const copies = Object.entries(design.tables).map(([name, table]) => [again(name), { ...table, columns: Object.fromEntries(Object.entries(table.columns).map(([column, value]) => [column, pointed(value)])) }])
  return stringify({ ...design, tables: { ...design.tables, ...Object.fromEntries(copies) } }, options)
}

export interface Proved {
  seconds: number
  faults: number
  /** Faults that let somebody in and that nobody noticed, and whatever is wrong to begin with. */
  missed: string[]
}

export async function proveDesignOf(text: string): Promise<Proved> {
  const repository = await readRepository('references/examples/trr')
  const options = { major: repository.config.major, history: repository.migrations }
  await using server = await openServer(options)
  const files = await planFiles({ source: { text, file: 'workshop.yaml', specPath: 'supabase/designs/workshop.yaml', design: 'workshop' }, repository, server, lock: null, now: new Date(0) })
  const design = { server, plan: files.plan, sql: generatedSql(files, files.sql), ...(files.prepared ? { prepared: files.prepared } : {}) }
  const start = performance.now()
  const access = await proveAccess({ ...design, otherWorld: () => openServer({ ...options, privileges: 'legacy' }) })
  const { weakening, restricting, survivors, open } = await proveMutations(design)
  const seconds = (performance.now() - start) / 1000
  const unnoticed = survivors.filter(({ effect }) => effect === 'weakening').map(({ fault }) => fault)
  return { seconds, faults: weakening.total + restricting.total, missed: [...access.findings, ...(open === null ? [] : [open]), ...unnoticed] }
}
