/** What a choice means, from `references/playbooks.md`: one section for each topic. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packageRoot } from '../render/package-root.ts'
import type { Terminal } from './terminal.ts'
import { wrap } from './wrap.ts'

const page = 'references/playbooks.md'

/** The text of a section without its SQL, as wide as the terminal. */
export async function explainTopic(topic: string, { style, width }: Pick<Terminal, 'style' | 'width'>): Promise<string> {
  const text = await readFile(join(packageRoot(), page), 'utf8')
  const section = sectionOf(text, topic)
  if (section === null) return `Nothing is written about "${topic}" yet.`
  const prose = section.replace(/^```[\s\S]*?^```\n?/gm, '').trim()
  const paragraphs = prose.split(/\n{2,}|\n(?=- )/).map((paragraph) => paragraph.replaceAll('\n', ' ').replace(/ {2,}/g, ' '))
  const hasSql = section.includes('```sql')
  return [...paragraphs, ...(hasSql ? [style.dim(`The SQL of it: ${page}, section ${topic}.`)] : [])].map((paragraph) => wrap(`  ${unmarked(paragraph)}`, width, paragraph.startsWith('- ') ? 2 : 0)).join('\n')
}

/** Null when there is none of that name. */
export function sectionOf(text: string, topic: string): string | null {
  const sections = text.split(/^## /m).slice(1)
  const found = sections.find((section) => section.slice(0, section.indexOf('\n')).trim() === topic)
  return found === undefined ? null : found.slice(found.indexOf('\n') + 1)
}

/** Marks of Markdown say nothing on a terminal. */
function unmarked(text: string): string {
  return text.replaceAll('`', '').replaceAll('**', '')
}
