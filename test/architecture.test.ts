/** The order of the folders, held: imports point down, units are registered, effects stay where they belong. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { basename, dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'

const ranks: Record<string, number> = {
  'generators/sql': 0, 'generators/errors.ts': 0,
  'generators/design': 1,
  'generators/patterns': 2, 'generators/render': 2, 'generators/questions': 2,
  'generators/planner': 3,
  'generators/artifacts': 4,
  'generators/postgres': 5, 'generators/repository': 5, 'generators/terminal': 5,
  'generators/proofs': 6,
  'generators/commands': 7,
  'generators/cli.ts': 8, 'generators/index.ts': 8, 'plopfile.ts': 8,
}

/** Packages with one home, or few. */
const homes: Record<string, string[]> = {
  pg: ['generators/postgres'],
  execa: ['generators/postgres', 'generators/repository'],
  ejs: ['generators/render'],
  inquirer: ['generators/terminal'],
  'node-plop': ['plopfile.ts'],
  commander: ['generators/cli.ts'],
  'libpg-query': ['generators/sql'],
  zod: ['generators/design', 'generators/repository'],
}

interface Import {
  from: string
  to: string
  dynamic: boolean
  /** `import type`: nothing is loaded. */
  type: boolean
}

const generators = readdirSync('generators', { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'))
const files = [...generators.map((path) => `generators/${path}`), 'plopfile.ts'].toSorted()
const imports = files.flatMap(importsOf)

describe('imports', () => {
  it('end in .ts and exist', () => {
    expect(relative(imports).filter(({ to }) => !to.endsWith('.ts') || !existsSync(to))).toEqual([])
  })

  it('point to a lower rank or to the own folder', () => {
    const wrong = relative(imports).filter(({ from, to }) => placeOf(from) !== placeOf(to) && rankOf(to) >= rankOf(from) && !isLazyDoor({ from, to }))
    expect(wrong).toEqual([])
  })

  it('make no cycle', () => {
    const next = new Map(files.map((file) => [file, relative(imports).filter(({ from }) => from === file).map(({ to }) => to)]))
    expect(files.filter((file) => reaches(file, file, next))).toEqual([])
  })

  it('keep every package in its home', () => {
    const wrong = imports.filter(({ from, to, type }) => !type && homes[to] && !homes[to].includes(placeOf(from)))
    expect(wrong).toEqual([])
  })

  it('keep effects out of the pure ranks', () => {
    const effects = /^(node:(fs|child_process|net|os|readline|process)(\/|$)|pg$|execa$)/
    expect(imports.filter(({ from, to }) => rankOf(from) <= 4 && placeOf(from) !== 'generators/render' && effects.test(to))).toEqual([])
  })

  it('load nothing heavy before the command is known', () => {
    const loaded = new Set<string>()
    const load = (file: string) => {
      if (loaded.has(file)) return
      loaded.add(file)
      for (const { to } of imports.filter(({ from, dynamic, type }) => from === file && !dynamic && !type)) load(to)
    }
    load('generators/cli.ts')
    expect([...loaded].toSorted()).toEqual([
      'commander', 'generators/cli.ts', 'generators/commands/index.ts', 'generators/errors.ts', 'node:fs', 'node:path', 'node:url',
    ])
  })
})

describe('the evaluator of access', () => {
  it('sees no pattern and no SQL', () => {
    expect(imports.filter(({ from }) => from === 'generators/design/access.ts').map(({ to }) => to)).toEqual(['generators/design/audience-kinds.ts', 'generators/design/followed.ts', 'generators/design/spec.ts'])
  })
})

describe('units', () => {
  const units = { patterns: 'definePattern(', artifacts: 'defineArtifact(' }
  for (const [folder, marker] of Object.entries(units)) {
    const index = readFileSync(`generators/${folder}/index.ts`, 'utf8')
    const defined = files.filter((file) => dirname(file) === `generators/${folder}` && readFileSync(file, 'utf8').includes(`= ${marker}`))
    it.each(defined)('%s is listed once, and is called what it is', (file) => {
      const id = basename(file, '.ts')
      expect(index.split(`'./${id}.ts'`)).toHaveLength(2)
      expect(readFileSync(file, 'utf8')).toContain(`id: '${id}'`)
    })
  }

  it.each(files.filter((file) => dirname(file) === 'generators/patterns' && readFileSync(file, 'utf8').includes('= definePattern(')))('%s has a page', (file) => {
    expect(existsSync(`references/patterns/${basename(file, '.ts')}.md`)).toBe(true)
  })

  it.each(files.filter((file) => dirname(file) === 'generators/artifacts' && readFileSync(file, 'utf8').includes('= defineArtifact(')))('%s has templates', (file) => {
    expect(existsSync(`templates/${basename(file, '.ts')}`)).toBe(true)
  })

  it('commands: every file of the folder is one, and is listed', async () => {
    const { commands } = await import('../generators/commands/index.ts')
    const present = files.filter((file) => dirname(file) === 'generators/commands').map((file) => basename(file, '.ts'))
    expect(commands.map(({ id }) => id).toSorted()).toEqual(present.filter((id) => id !== 'index' && id !== 'command'))
  })
})

describe('sources', () => {
  it('print and exit in cli.ts and terminal/ only', () => {
    const wrong = files.filter((file) => file !== 'generators/cli.ts' && placeOf(file) !== 'generators/terminal')
    expect(wrong.filter((file) => /\bconsole\.|\bprocess\.(exit\b|stdout\.write|stderr\.write)/.test(readFileSync(file, 'utf8')))).toEqual([])
  })

  it('are small', () => {
    const lengths = files.map((file) => ({ file, lines: readFileSync(file, 'utf8').split('\n').length - 1 }))
    expect(lengths.filter(({ lines }) => lines > 250)).toEqual([])
  })

  it('have kebab names, and no drawers', () => {
    const named = /^[a-z0-9]+(-[a-z0-9]+)*\.ts$/
    const isPattern = (file: string) => dirname(file) === 'generators/patterns'
    expect(files.filter((file) => !isPattern(file) && !named.test(basename(file)))).toEqual([])
    expect(files.filter((file) => /(^|[-/])(utils?|helper|misc|common)\.ts$/.test(file))).toEqual([])
  })
})

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8')
  const found = [...text.matchAll(/^(?:import|export)\b[^'"`;]*?\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm)]
  return found.map(([statement, from, bare, dynamic]) => {
    const specifier = from ?? bare ?? dynamic ?? ''
    return { from: file, to: specifier.startsWith('.') ? normalize(join(dirname(file), specifier)) : specifier, dynamic: dynamic !== undefined, type: /^(import|export) type\b/.test(statement) }
  })
}

function relative(all: Import[]): Import[] {
  return all.filter(({ to }) => to.startsWith('generators/') || to === 'plopfile.ts' || to.startsWith('..'))
}

/** The folder below `generators/`, or the file itself where it stands alone. */
function placeOf(file: string): string {
  const [first = '', second = ''] = file.split('/')
  return first === 'generators' ? `${first}/${second}` : first
}

function rankOf(file: string): number {
  const rank = ranks[placeOf(file)]
  if (rank === undefined) throw new Error(`${file} is in no ranked folder`)
  return rank
}

/** Both are adapters; the menu is loaded when nothing was asked for. */
function isLazyDoor({ from, to }: Pick<Import, 'from' | 'to'>): boolean {
  return from === 'generators/cli.ts' && to === 'plopfile.ts'
}

/** Whether one file leads to another. */
function reaches(start: string, target: string, next: ReadonlyMap<string, string[]>): boolean {
  const seen = new Set<string>()
  const queue = [...(next.get(start) ?? [])]
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (file === target) return true
    if (seen.has(file)) continue
    seen.add(file)
    queue.push(...(next.get(file) ?? []))
  }
  return false
}
