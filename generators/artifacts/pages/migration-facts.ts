/** What the generated files say, read back with the parser, so that the pages and the files cannot differ. */
import type { DocumentInput } from '../define-artifact.ts'
import type { NumberedPhase } from '../../design/plan.ts'
import type { QualifiedName } from '../../sql/identifier.ts'
import { type Node, type Statement, loadParser, splitStatements } from '../../sql/parser.ts'
import { type StatementLock, locksOf } from './statement-locks.ts'

export interface MigrationFacts {
  phase: NumberedPhase
  statements: Statement[]
  locks: StatementLock[]
  /** As the file sets them; null = not set there. */
  lockTimeout: string | null
  statementTimeout: string | null
}

/** One for each phase, in the order in which they are applied. */
export async function readMigrations({ phases, sql }: DocumentInput): Promise<MigrationFacts[]> {
  await loadParser()
  return phases.map((phase) => {
    const text = sql.find((file) => file.path === phase.migration)?.text ?? ''
    const statements = splitStatements(text)
    return {
      phase,
      statements,
      locks: statements.flatMap(locksOf),
      lockTimeout: settingIn(statements, 'lock_timeout'),
      statementTimeout: settingIn(statements, 'statement_timeout'),
    }
  })
}

/** `create index …` as the file holds it; null for an index that a constraint makes. */
export function indexDefinition(migrations: readonly MigrationFacts[], name: string): string | null {
  const statements = migrations.flatMap((migration) => migration.statements)
  const found = statements.find(({ kind, tree }) => kind === 'IndexStmt' && (tree['IndexStmt'] as { idxname?: string }).idxname === name)
  return found ? `${found.sql};` : null
}

/** The file in which row level security of a table is switched on. */
export function rowSecurityFile(migrations: readonly MigrationFacts[], table: QualifiedName): string | null {
  const enables = ({ locks }: MigrationFacts) => locks.some(({ by, relation }) => by === 'enable row level security' && relation.schema === table.schema && relation.name === table.name)
  return migrations.find(enables)?.phase.migration ?? null
}

/** Privileges on tables that the files grant to somebody, in lower case; `all` when a grant names none. */
export function grantedPrivileges(migrations: readonly MigrationFacts[]): string[] {
  const granted = new Set<string>()
  for (const { kind, tree } of migrations.flatMap((migration) => migration.statements)) {
    const grant = tree['GrantStmt'] as { is_grant?: boolean; objtype?: string; privileges?: { AccessPriv: { priv_name: string } }[] } | undefined
    if (kind !== 'GrantStmt' || !grant?.is_grant || grant.objtype !== 'OBJECT_TABLE') continue
    for (const privilege of grant.privileges?.map((item) => item.AccessPriv.priv_name) ?? ['all']) granted.add(privilege)
  }
  return [...granted].toSorted()
}

function settingIn(statements: readonly Statement[], name: string): string | null {
  const set = statements.map(({ tree }) => tree['VariableSetStmt'] as { name?: string; args?: Node[] } | undefined).find((node) => node?.name === name)
  const constant = set?.args?.[0]?.['A_Const'] as { sval?: { sval: string }; ival?: { ival?: number } } | undefined
  return constant?.sval?.sval ?? (constant?.ival ? `${constant.ival.ival ?? 0} ms` : null)
}
