/** Designs whose migrations cannot stay where they are: their numbers are taken, or run before what others have already run. */
import type { Lock } from './lock.ts'
import { type MigrationFile, byBytes } from './migrations.ts'

/** A design with what is needed to tell which other design it stands on. */
export interface StackedDesign {
  design: string
  lock: Lock
  /** Bare names of the tables and functions that it creates. */
  creates: string[]
}

export interface Collisions {
  /** What has to move, each after what it stands on. */
  moves: { design: StackedDesign; reason: string }[]
  /** Numbers that two files share and no design can give up. */
  stuck: { version: string; paths: string[] }[]
}

interface Situation {
  migrations: readonly MigrationFile[]
  designs: readonly StackedDesign[]
  /** Paths of the migrations of the base branch, and its name. */
  shipped: ReadonlySet<string>
  base: string | null
  /** Only these may move; all when empty. */
  named: readonly string[]
}

export function findCollisions({ migrations, designs, shipped, base, named }: Situation): Collisions {
  const ownerOf = new Map(designs.flatMap((design) => design.lock.phases.map(({ migration }) => [migration, design] as const)))
  const fixed = migrations.filter(({ path }) => shipped.has(path) || !ownerOf.has(path))
  const newest = [...shipped].map(versionOf).toSorted(byBytes).at(-1) ?? ''
  const taken = new Map([...fixed.map(({ path }) => path), ...shipped].map((path) => [versionOf(path), path]))
  const movable = designs.filter(({ lock }) => lock.phases.some(({ migration }) => isMovable(migration, migrations, shipped)))
  const ordered = inOrder(movable, migrations)
  const reasons = new Map<StackedDesign, string>()
  // Who is named gives way to who is not; among the others the first keeps its numbers.
  for (const design of ordered.toSorted((a, b) => Number(named.includes(a.design)) - Number(named.includes(b.design)))) {
    const own = design.lock.phases.filter(({ migration }) => isMovable(migration, migrations, shipped))
    const twin = own.find(({ version, migration }) => (taken.get(version) ?? migration) !== migration)
    const late = own.find(({ version }) => byBytes(version, newest) <= 0)
    const other = taken.get(twin?.version ?? '')
    const mayMove = named.length === 0 || named.includes(design.design)
    if (mayMove && twin) reasons.set(design, `${twin.version} is also the number of ${other}${base !== null && shipped.has(other ?? '') ? `, on ${base}` : ''}`)
    else if (mayMove && late) reasons.set(design, `${late.version} runs before ${newest}, the newest on ${base}`)
    else for (const { version, migration } of own) taken.set(version, migration)
  }
  addDependents(reasons, ordered, migrations)
  return { moves: ordered.flatMap((design) => (reasons.has(design) ? [{ design, reason: reasons.get(design) ?? '' }] : [])), stuck: twinsOf(fixed) }
}

/** True for a file of a design that nobody else has yet. */
function isMovable(path: string, migrations: readonly MigrationFile[], shipped: ReadonlySet<string>): boolean {
  return !shipped.has(path) && migrations.some((file) => file.path === path)
}

/** What stands on something that moves to the end goes there as well. */
function addDependents(reasons: Map<StackedDesign, string>, ordered: readonly StackedDesign[], migrations: readonly MigrationFile[]): void {
  for (const design of ordered) {
    const below = [...reasons.keys()].find((other) => other !== design && standsOn(design, other, migrations))
    if (below && !reasons.has(design)) reasons.set(design, `it stands on ${below.design}`)
  }
}

/** By first number, then by name; what a design stands on comes before it. */
function inOrder(designs: readonly StackedDesign[], migrations: readonly MigrationFile[]): StackedDesign[] {
  const byNumber = designs.toSorted((a, b) => byBytes(firstVersion(a), firstVersion(b)) || byBytes(a.design, b.design))
  const ordered: StackedDesign[] = []
  const visit = (design: StackedDesign, path: readonly StackedDesign[]) => {
    if (ordered.includes(design) || path.includes(design)) return
    for (const other of byNumber) if (other !== design && standsOn(design, other, migrations)) visit(other, [...path, design])
    ordered.push(design)
  }
  for (const design of byNumber) visit(design, [])
  return ordered
}

/** Its SQL names something that the other one creates. A name in a comment counts: moving too much does no harm. */
function standsOn(design: StackedDesign, other: StackedDesign, migrations: readonly MigrationFile[]): boolean {
  const own = new Set(design.lock.phases.map(({ migration }) => migration))
  const words = new Set(migrations.filter(({ path }) => own.has(path)).flatMap(({ sql }) => sql.match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? []))
  return other.creates.some((name) => words.has(name) && !design.creates.includes(name))
}

function twinsOf(fixed: readonly MigrationFile[]): Collisions['stuck'] {
  const versions = [...new Set(fixed.map(({ version }) => version))]
  const groups = versions.map((version) => ({ version, paths: fixed.filter((file) => file.version === version).map(({ path }) => path) }))
  return groups.filter(({ paths }) => paths.length > 1)
}

function firstVersion({ lock }: StackedDesign): string {
  return lock.phases[0]?.version ?? ''
}

/** The digits that the name of a migration begins with. */
export function versionOf(path: string): string {
  return /([0-9]+)_[^/]*$/.exec(path)?.[1] ?? ''
}
