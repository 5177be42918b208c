/** `diff <base>..`: who can newly read or write what between two states of the repository, and which queries changed plan. */
import { hasFindings } from '../design/access-diff.ts'
import type { CommandInput, CommandOutcome } from './command.ts'
import { compareAccess } from '../proofs/compare/compare-access.ts'
import { openSide } from '../proofs/compare/side.ts'
import { resolveRange } from '../repository/range.ts'
import { findRoot } from '../repository/root.ts'
import { formatDiff } from '../terminal/report-diff.ts'
import { diffMarkdown } from '../terminal/report-diff-markdown.ts'
import { comparePlans } from './comparing/compare-plans.ts'
import { areEqual, openServers, readSides } from './comparing/open-sides.ts'

export async function run(input: CommandInput): Promise<CommandOutcome> {
  const { terminal, options, signal } = input
  const root = await findRoot(input.cwd)
  const range = await resolveRange(root, input.arguments[0] ?? null)
  await using sides = await readSides(root, range)
  if (range.behind > 0) terminal.note(terminal.style.yellow(`note: ${range.base.name} has ${range.behind} ${range.behind === 1 ? 'commit' : 'commits'} that ${range.head.name} has not; what they did shows as taken away. Three dots compare with where the two parted: trr-db diff ${range.base.name}...${range.head.commit === null ? '' : range.head.name}`))
  const names = { base: { name: range.base.name, commit: range.base.commit }, head: { name: range.head.name, commit: range.head.commit } }
  const servers = areEqual(sides) ? null : await terminal.step('Replaying both histories', (progress) => openServers(input, sides, progress))
  try {
    const access = servers === null ? nothing() : await terminal.step('Asking both', async (progress) => {
      await using base = await openSide(servers.base, sides.base.repository.config.apiSchemas)
      await using head = await openSide(servers.head, sides.head.repository.config.apiSchemas)
      return await compareAccess({ base, head, progress, signal })
    })
    const plans = await terminal.step('Planning the declared queries', (progress) => comparePlans(input, sides, servers, progress))
    const diff = { ...names, ...access }
    terminal.print(options.markdown ? diffMarkdown(diff, plans) : formatDiff(diff, plans, terminal))
    return { exitCode: hasFindings(diff) ? 1 : 0, document: { ...diff, plans } }
  } finally {
    await Promise.all([servers?.base.stop(), servers?.head.stop()])
  }
}

function nothing() {
  return { compared: { tables: 0, views: 0, functions: 0 }, asked: [], gained: [], lost: [], otherwise: [], appeared: [], gone: [], callable: [], unobserved: [], unchanged: [], notes: [] }
}
