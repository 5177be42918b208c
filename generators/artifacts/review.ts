import { type DocumentInput, defineArtifact } from './define-artifact.ts'
import { bullets, fence, listed, prose } from './pages/markdown.ts'
import { renderPage } from './pages/page.ts'
import { proofIds, proofTitles } from './pages/proof-table.ts'
import { type Point, reviewPoints } from './pages/review-points.ts'

/** The ten points, each ticked by evidence or open with what is missing. */
export const review = defineArtifact({
  id: 'review',
  title: 'The ten points of the design review',
  stage: 'document',
  render: async (input) => renderPage('review', 'review', input, reviewView(input)),
})

function reviewView(input: DocumentInput) {
  const points = reviewPoints(input)
  return {
    summary: summary(points),
    points: points.map((one, place) => pointLine(one, place + 1)),
    failures: bullets(proofIds.filter((id) => input.evidence[id].status === 'failed').flatMap((id) => input.evidence[id].findings.map((finding) => `${proofTitles[id]}: ${prose(finding)}`))),
    approvals: bullets(input.plan.spec.approved.map(({ step, by, because }) => `${prose(step)}: approved by ${prose(by)}, because ${prose(because)}.`)),
    verify: fence('sh', `npx trr-db verify ${input.specPath}`),
  }
}

function summary(points: readonly Point[]): string {
  const places = (state: Point['state']) => points.flatMap((point, place) => (point.state === state ? [String(place + 1)] : []))
  const open = places('open')
  const skipped = places('not applicable')
  const parts = [`${places('proved').length} of ${points.length} ticked by evidence`, ...(open.length > 0 ? [`open: ${listed(open)}`] : []), ...(skipped.length > 0 ? [`not applicable: ${listed(skipped)}`] : [])]
  return `${parts.join('; ')}.`
}

function pointLine({ title, page, state, because }: Point, number: number): string {
  const box = state === 'proved' ? '[x]' : '[ ]'
  const words = { proved: '', open: 'Open: ', failed: '**Failed:** ', 'not applicable': 'Not applicable: ' }[state]
  const link = `[${page}](${page}.md)`
  return state === 'not applicable' ? `- **${number}. ${title}.** ${words}${because.join(' ')}` : `- ${box} **${number}. ${title}.** ${words}${because.join(' ')} (${link})`
}
