/** The mutation score in a few lines: faults that were noticed, and each that was not. */
import type { MutationEvidence, MutationScore } from '../design/mutation-evidence.ts'
import type { Terminal } from './terminal.ts'
import { wrap } from './wrap.ts'

export function formatMutations(evidence: MutationEvidence, { style, width }: Pick<Terminal, 'style' | 'width'>): string {
  if (evidence.open !== null) return wrap(`  ${style.yellow('?')} mutations no fault was tried, because ${evidence.open}`, width, 12)
  const missed = evidence.survivors.filter(({ effect }) => effect === 'weakening')
  const lines = [
    `  ${missed.length === 0 ? style.green('✓') : style.red('✗')} mutations ${score(evidence.weakening)} faults that let somebody in were noticed, ${evidence.byCatalog} of all by rights read from the catalog; ${score(evidence.restricting)} that shut somebody out`,
    ...evidence.survivors.map(({ fault, effect }) => (effect === 'weakening' ? style.red(`      not noticed: ${fault}`) : style.yellow(`      not noticed, and lets nobody in: ${fault}`))),
    ...evidence.equivalent.map(({ fault, because }) => style.dim(`      the same as the design: ${fault}, because ${because}`)),
    ...evidence.refused.map(({ fault, because }) => style.dim(`      refused by the database: ${fault}: ${because}`)),
  ]
  return lines.map((line) => wrap(line, width, 12)).join('\n')
}

function score({ noticed, total }: MutationScore): string {
  return `${noticed} of ${total}`
}
