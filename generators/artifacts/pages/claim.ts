/** A point of a checklist: what is claimed, and what settles it. */
export interface Claim {
  title: string
  /** Only `proved` is ticked. */
  state: 'proved' | 'open' | 'failed' | 'not applicable'
  /** Evidence, decisions of the spec, or what is missing. Never empty. */
  because: string[]
}

/** `- [x] **Title.** Evidence.` */
export function claimLine({ title, state, because }: Claim): string {
  const words = { proved: '', open: ' Open:', failed: ' **Failed:**', 'not applicable': ' Not applicable:' }[state]
  return `- [${state === 'proved' ? 'x' : ' '}] **${title}.**${words} ${because.join(' ')}`
}

/** Claims that do not concern the design need no box: a box that is never ticked would look like work. */
export function claimList(claims: readonly Claim[]): string {
  return claims.map((claim) => (claim.state === 'not applicable' ? `- **${claim.title}.** Not applicable: ${claim.because.join(' ')}` : claimLine(claim))).join('\n')
}
