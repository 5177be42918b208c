/** The mutation score in words: what was tried, what nobody noticed, what nobody can notice. */
import type { MutationEvidence } from '../../design/mutation-evidence.ts'
import { bullets, code, counted, prose } from './markdown.ts'

export function mutationScore(mutations: MutationEvidence | undefined, design: string): string {
  if (!mutations) return 'Mutation score: not measured, because not everything is proved.'
  if (mutations.open !== null) return `Mutation score: not measured in passing (faults: ${prose(mutations.open)}). ${code(`trr-db generate ${design} --mutations`)} measures it and states it here.`
  const { weakening, restricting, byCatalog, survivors, equivalent, refused } = mutations
  const lists = [
    ...survivors.map(({ fault, effect }) => `**Not noticed**${effect === 'restricting' ? ', and lets nobody in' : ''}: ${code(fault)}`),
    ...equivalent.map(({ fault, because }) => `The same as the design: ${code(fault)}, because ${prose(because)}.`),
    ...refused.map(({ fault, because }) => `Refused by the database: ${code(fault)}: ${prose(because)}`),
  ]
  return [
    `**Mutation score: ${weakening.noticed} of ${weakening.total}.** Policies, grants, helpers, keys and triggers were made wrong on purpose, one fault after another. Of ${counted(weakening.total, 'fault')} that would let somebody in, ${weakening.noticed} were noticed; of ${restricting.total} that would shut somebody out, ${restricting.noticed}. A request noticed ${weakening.noticed + restricting.noticed - byCatalog} of them, rights read from the catalog the other ${byCatalog}.`,
    ...(lists.length > 0 ? [bullets(lists)] : []),
  ].join('\n\n')
}
