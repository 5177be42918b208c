/** `restack [design…]`: new numbers for designs whose numbers somebody else took, proved on the new base. */
import { TrrError } from '../errors.ts'
import { type Collisions, findCollisions, versionOf } from '../repository/collisions.ts'
import { type Shipped, shippedBelow } from '../repository/history.ts'
import { migrationsFolder } from '../repository/migrations.ts'
import { type Repository, readRepository } from '../repository/read.ts'
import { writeFiles } from '../repository/write.ts'
import { createAsk } from '../terminal/ask.ts'
import { formatEvidence } from '../terminal/report-evidence.ts'
import { formatFiles } from '../terminal/report-files.ts'
import { wrap } from '../terminal/wrap.ts'
import type { CommandInput, CommandOutcome } from './command.ts'
import { fileLine } from './pipeline/apply-expansion.ts'
import { locateSpec } from './pipeline/locate-spec.ts'
import { changesBack } from './restacking/changes-back.ts'
import { type Rebuilt, rebuildDesign } from './restacking/rebuild.ts'
import { type Renumbered, renumberDesigns } from './restacking/renumber.ts'
import { scratchCopy } from './restacking/scratch-copy.ts'
import { stackedDesigns } from './restacking/stacked-designs.ts'

export async function run(input: CommandInput): Promise<CommandOutcome> {
  const { terminal, options, signal, now } = input
  const repository = await readRepository(input.cwd)
  const shipped = await shippedBelow(repository.root, migrationsFolder)
  if (shipped.note) terminal.note(terminal.style.dim(`note: ${shipped.note}`))
  const collisions = await collisionsOf(input, repository, shipped)
  const issues = stuckIssues(collisions, shipped)
  for (const { message, remedy } of issues) terminal.note(terminal.style.yellow(`${message} ${remedy}`))
  const outcome = (result: string, exitCode: 0 | 1, more: object = {}): CommandOutcome => {
    return { exitCode: issues.length > 0 ? 1 : exitCode, document: { result, base: shipped.base, issues, ...more } }
  }
  if (collisions.moves.length === 0) {
    terminal.print('Nothing to restack: no number of a design is in the way of another.')
    return outcome('unchanged', 0)
  }
  requireBase(repository, shipped)

  await using scratch = await scratchCopy(repository.root)
  const renumbered = await renumberDesigns(scratch.root, collisions.moves.map(({ design }) => design), shipped.paths, now)
  terminal.print(formatMoves(renumbered, collisions, input))
  if (terminal.interactive && !options.yes && !(await createAsk(signal).confirm({ message: 'Renumber and prove them?', default: true }))) {
    terminal.print('Nothing was written.')
    return outcome('declined', 0, { designs: described(renumbered, collisions, []) })
  }
  const rebuilt = await rebuildAll(input, scratch.root, renumbered)
  const designs = described(renumbered, collisions, rebuilt)
  const failed = rebuilt.find(({ green }) => !green)
  if (failed) {
    terminal.print(`\nNothing was written, because a proof of ${failed.design} failed.`)
    return outcome('failed', 1, { designs })
  }
  const locks = collisions.moves.map(({ design: { design, lock } }, place) => ({ design, before: lock, after: rebuilt[place]?.lock ?? lock }))
  const changes = await changesBack({ root: repository.root, scratch: scratch.root, shipped: shipped.paths, base: shipped.base, designs: locks })
  const paths = new Set(changes.map(({ path }) => path))
  const { written, removed } = await writeFiles(repository.root, changes, { remove: paths, signal })
  terminal.print(`\n${formatFiles(changes.map((change) => fileLine(change, paths)), terminal)}\n`)
  for (const line of renumbered.flatMap(editedLines)) terminal.print(terminal.style.yellow(wrap(line, terminal.width, 2)))
  const names = renumbered.map(({ design }) => design).join(', ')
  terminal.print(`${terminal.style.green('Restacked')}: ${names}. ${written.length} files written, ${removed.length} removed.`)
  return outcome('written', 0, { designs, written, removed })
}

async function collisionsOf(input: CommandInput, repository: Repository, { paths, base }: Shipped): Promise<Collisions> {
  const named = await Promise.all(input.arguments.map(async (word) => (await locateSpec(word, repository, input.cwd)).design))
  return findCollisions({ migrations: repository.migrations, designs: await stackedDesigns(repository), shipped: paths, base, named })
}

/** One after another, as each stands on those before it. Ends with the first that fails. */
async function rebuildAll(input: CommandInput, root: string, renumbered: readonly Renumbered[]): Promise<Rebuilt[]> {
  const { terminal } = input
  const rebuilt: Rebuilt[] = []
  for (const { design } of renumbered) {
    const one = await rebuildDesign(input, root, design)
    terminal.print(`\n${terminal.style.bold(design)}\n${formatEvidence(one.evidence, terminal)}`)
    rebuilt.push(one)
    if (!one.green) break
  }
  return rebuilt
}

/** For `--json`. */
function described(renumbered: readonly Renumbered[], { moves }: Collisions, rebuilt: readonly Rebuilt[]): object[] {
  return renumbered.map(({ design, names, edited }, place) => ({
    design,
    reason: moves[place]?.reason,
    migrations: Object.fromEntries(names),
    edited: Object.fromEntries(edited),
    proved: rebuilt[place]?.green ?? false,
    evidence: rebuilt[place]?.evidence ?? null,
  }))
}

function editedLines({ edited }: Renumbered): string[] {
  return [...edited].map(([from, to]) => (from === to ? `${to} was edited by hand; the edits are kept.` : `${from} was edited by hand; ${to} has the edits.`))
}

/** Proofs need the files of the base, not only their numbers. */
function requireBase({ migrations }: Repository, { base, paths }: Shipped): void {
  const here = new Set(migrations.map(({ path }) => path))
  const missing = [...paths].filter((path) => versionOf(path) !== '' && path.endsWith('.sql') && !here.has(path))
  if (missing.length === 0) return
  throw new TrrError({
    code: 'REPO_CONFIG',
    message: `${base} has ${missing.length === 1 ? 'a migration that is' : `${missing.length} migrations that are`} not here, first "${missing[0]}".`,
    remedy: `Merge it first, then restack: git merge ${base}`,
  })
}

function stuckIssues({ stuck }: Collisions, { base, paths }: Shipped) {
  return stuck.map(({ version, paths: twins }) => ({
    code: 'REPO_CONFIG' as const,
    message: `The number ${version} is taken twice: ${twins.join(' and ')}.`,
    remedy: twins.every((path) => paths.has(path)) ? `Both are on ${base}; rename the one that no database has run.` : `No design of this repository wrote them; rename one by hand.`,
  }))
}

function formatMoves(renumbered: readonly Renumbered[], { moves }: Collisions, { terminal }: CommandInput): string {
  const lines = renumbered.flatMap(({ design, names, edited }, place) => [
    `${terminal.style.bold(design)}: ${moves[place]?.reason}`,
    ...[...names].filter(([from, to]) => from !== to).map(([from, to]) => `  ${from} → ${terminal.style.cyan(to)}`),
    ...[...edited.keys()].map((path) => terminal.style.yellow(`  ${path} was edited by hand; the edits are kept`)),
  ])
  return lines.map((line) => wrap(line, terminal.width, 2)).join('\n')
}
