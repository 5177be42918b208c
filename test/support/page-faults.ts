/** What a text from outside could break in a Markdown page. */
import { fencedBlocks } from './fenced-blocks.ts'

/** Headings that the pages have, tables with as many cells in each row, closed blocks, diagrams that parse, no HTML. */
export async function pageFaults(markdown: string): Promise<string[]> {
  const faults: string[] = []
  const blocks = fencedBlocks(markdown, 'mermaid')
  const { mermaid } = await import('./mermaid-parser.ts')
  for (const block of blocks) if (!(await mermaid.parse(block, { suppressErrors: true }))) faults.push(`no diagram: ${block}`)
  const prose = withoutBlocks(markdown)
  for (const [index, line] of prose.entries()) {
    if (/^#+ Heading/.test(line)) faults.push(`heading: ${line}`)
    if (/^\s*[-*] \[[ x]\] ticked/.test(line)) faults.push(`tick: ${line}`)
    // References to the notes below a table are the page's own.
    const bare = withoutCode(line).replace(/<sup>[\d ,]+<\/sup>/g, '')
    if (/<\/?[a-z][^>]*>|<!--|1337|<https?:/i.test(bare)) faults.push(`HTML: ${line}`)
    if (/(?<!\\)!?(?<!\\)\[[^\]]*\]\((javascript|https:\/\/example)/.test(bare)) faults.push(`link: ${line}`)
    if (/[^\P{Cc}\n]|[\u2028\u2029]/u.test(line)) faults.push(`control character: ${JSON.stringify(line)}`)
    const above = prose[index - 1] ?? ''
    if (line.startsWith('|') && above.startsWith('|') && cells(line) !== cells(above)) faults.push(`cells: ${above} / ${line}`)
  }
  return faults
}

function withoutBlocks(markdown: string): string[] {
  let fence: string | null = null
  return markdown.split('\n').filter((line) => {
    const marks = /^(`{3,})[^`]*$/.exec(line)?.[1]
    if (fence === null && marks !== undefined) fence = marks
    else if (fence !== null) {
      if (line === fence) fence = null
    } else return true
    return false
  })
}

/** Code spans, as CommonMark reads them: a run of backticks to the next of the same length. */
function withoutCode(line: string): string {
  return line.replace(/(?<![\\`])(`+)(?!`)(.*?)(?<!`)\1(?!`)/g, '``')
}

/** GitHub splits at every pipe without a backslash, also in code. */
function cells(row: string): number {
  return row.split(/(?<!\\)\|/).length
}
