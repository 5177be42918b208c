/** Columns and tables that link users to rows, without a spec: whatever a foreign key to `auth.users` names. */
import type { QualifiedName } from '../../sql/identifier.ts'
import { users } from './world.ts'
import type { Fixtures, Row } from '../fixtures/fixtures.ts'
import type { TableShape } from '../fixtures/shapes.ts'

export function userColumns(shape: TableShape): TableShape['columns'] {
  const names = shape.foreignKeys.filter(({ references, columns }) => isSame(references, users) && columns.length === 1).map(({ columns }) => columns[0])
  return shape.columns.filter(({ name }) => names.includes(name))
}

/** Tables that name a user, the table itself left out. */
export function linksBetween(shapes: readonly TableShape[], table: QualifiedName): TableShape[] {
  return shapes.filter((candidate) => userColumns(candidate).length > 0 && !isSame(candidate, table))
}

/** The user becomes a member wherever a table links users to the row. */
export async function join(fixtures: Fixtures, links: readonly TableShape[], to: TableShape, row: Row, user: string): Promise<void> {
  for (const link of links) {
    const key = link.foreignKeys.find(({ references, columns }) => isSame(references, to) && columns.length === 1)
    if (!key) continue
    await fixtures.row(link, { given: { ...Object.fromEntries(userColumns(link).map(({ name }) => [name, user])), [key.columns[0] ?? '']: row[key.referenced[0] ?? ''] ?? null } })
  }
}

function isSame(left: QualifiedName, right: QualifiedName): boolean {
  return left.schema === right.schema && left.name === right.name
}
