/** Who has to give way: table-driven, without git and server. */
import { describe, expect, it } from 'vitest'
import { type StackedDesign, findCollisions } from '../../generators/repository/collisions.ts'
import type { MigrationFile } from '../../generators/repository/migrations.ts'

const path = (name: string) => `supabase/migrations/${name}.sql`

function migration(name: string, sql = ''): MigrationFile {
  return { path: path(name), version: name.split('_')[0] ?? '', name: name.replace(/^\d+_/, ''), sql }
}

/** A design called after its first file. */
function design(name: string, files: string[], creates: string[] = [name]): StackedDesign {
  const phases = files.map((file) => ({ id: file, version: file.split('_')[0] ?? '', migration: path(file) }))
  return { design: name, creates, lock: { version: 1, spec: '', phases, files: [], functions: [] } }
}

interface Situation {
  disk: MigrationFile[]
  designs: StackedDesign[]
  shipped?: string[]
  named?: string[]
}

function moves({ disk, designs, shipped = [], named = [] }: Situation): string[] {
  const found = findCollisions({ migrations: disk, designs, named, shipped: new Set(shipped.map(path)), base: shipped.length > 0 ? 'main' : null })
  return found.moves.map(({ design: { design }, reason }) => `${design}: ${reason}`)
}

const a = design('a', ['0002_a', '0003_a_rls'])
const b = design('b', ['0002_b', '0003_b_rls'])
const files = ['0001_base', '0002_a', '0003_a_rls', '0002_b', '0003_b_rls'].map((name) => migration(name))

describe('findCollisions', () => {
  it.each<[string, Situation, string[]]>([
    ['nothing is wrong', { disk: files.slice(0, 3), designs: [a], shipped: ['0001_base'] }, []],
    ['all of it is on the base', { disk: files.slice(0, 3), designs: [a], shipped: ['0001_base', '0002_a', '0003_a_rls'] }, []],
    ['who is on the base stays', { disk: files, designs: [a, b], shipped: ['0001_base', '0002_b', '0003_b_rls'] }, ['a: 0002 is also the number of supabase/migrations/0002_b.sql, on main']],
    ['nobody is: the first stays', { disk: files, designs: [b, a] }, ['b: 0002 is also the number of supabase/migrations/0002_a.sql']],
    ['unless it is named', { disk: files, designs: [a, b], named: ['a'] }, ['a: 0002 is also the number of supabase/migrations/0002_b.sql']],
    ['a file by hand stays', { disk: [...files.slice(0, 3), migration('0003_mine')], designs: [a] }, ['a: 0003 is also the number of supabase/migrations/0003_mine.sql']],
    ['older than the base', { disk: [...files.slice(0, 3), migration('0007_new')], designs: [a], shipped: ['0001_base', '0007_new'] }, ['a: 0002 runs before 0007, the newest on main']],
    ['a base that is not here yet counts', { disk: files.slice(0, 3), designs: [a], shipped: ['0001_base', '0002_theirs'] }, ['a: 0002 is also the number of supabase/migrations/0002_theirs.sql, on main']],
    ['a part is on the base: the rest moves', { disk: [...files.slice(0, 3), migration('0004_x')], designs: [a], shipped: ['0001_base', '0002_a', '0004_x'] }, ['a: 0003 runs before 0004, the newest on main']],
  ])('%s', (_title, situation, expected) => expect(moves(situation)).toEqual(expected))

  it('takes along what stands on it, over several steps, and nothing else', () => {
    const c = design('c', ['0004_c'])
    const d = design('d', ['0005_d'])
    const e = design('e', ['0006_e'])
    const disk = [...files, migration('0004_c', 'references core.b (id)'), migration('0005_d', 'references core.c (id)'), migration('0006_e', 'references core.bc (id)')]
    expect(moves({ disk, designs: [d, e, c, a, b] })).toEqual(['b: 0002 is also the number of supabase/migrations/0002_a.sql', 'c: it stands on b', 'd: it stands on c'])
  })

  it('puts a design after what it stands on, whatever their numbers are', () => {
    const [early, late] = [design('early', ['0002_early']), design('late', ['0002_late'])]
    const disk = [migration('0002_base'), migration('0002_early', 'references core.late'), migration('0002_late')]
    expect(moves({ disk, designs: [early, late], shipped: ['0002_base'] }).map((line) => line.split(':')[0])).toEqual(['late', 'early'])
  })

  it('what two designs create alike is no reason to stand on each other', () => {
    const disk = files.map((file) => ({ ...file, sql: 'create function private.org_ids()' }))
    expect(moves({ disk, designs: [design('a', ['0002_a'], ['org_ids']), design('b', ['0002_b'], ['org_ids'])] })).toHaveLength(1)
  })

  it('names twins that no design can give up', () => {
    const { stuck } = findCollisions({ migrations: [migration('0001_a'), migration('0001_b'), migration('0002_c')], designs: [], shipped: new Set(), base: null, named: [] })
    expect(stuck).toEqual([{ version: '0001', paths: [path('0001_a'), path('0001_b')] }])
  })
})
