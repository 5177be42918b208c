/** Fenced blocks of a Markdown page. */

/** Texts of the blocks with exactly this info string: `sql` can be run as it stands, as role `postgres`. */
export function fencedBlocks(markdown: string, info: string): string[] {
  const blocks: string[] = []
  let open: { fence: string; info: string; lines: string[] } | null = null
  for (const line of markdown.split('\n')) {
    const marks: RegExpExecArray | null = /^(`{3,})([^`]*)$/.exec(line)
    if (open === null && marks) open = { fence: marks[1] ?? '', info: marks[2] ?? '', lines: [] }
    else if (open !== null && line === open.fence) {
      if (open.info === info) blocks.push(open.lines.join('\n'))
      open = null
    } else open?.lines.push(line)
  }
  if (open !== null) throw new Error(`A block \`${open.info}\` is never closed.`)
  return blocks
}
