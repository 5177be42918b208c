/** Where the pages of a design lie, and how they point to each other and to the files they are about. */
import type { PlannedFile } from '../../design/planned-file.ts'
import type { DocumentInput } from '../define-artifact.ts'
import { renderTemplate } from '../../render/template.ts'
import { code } from './markdown.ts'

/** Every page in reading order, with what a reader finds there. */
export const pages = [
  { name: 'README', title: 'Tables', about: 'entities, columns, keys, references, decisions, scale' },
  { name: 'access', title: 'Access', about: 'who may do what, the policies, the checklist of row level security' },
  { name: 'indexes', title: 'Indexes', about: 'queries with their plans, indexes with their reasons, sizes, maintenance' },
  { name: 'rollout', title: 'Rollout', about: 'phases, locks, gates, rollback' },
  { name: 'verification', title: 'Verification', about: 'what was proved, what to repeat on staging' },
  { name: 'review', title: 'Review', about: 'the ten points of the design review' },
] as const

export type PageName = (typeof pages)[number]['name']

/** Renders `templates/<artifact>/page.md.ejs` as one of the pages. */
export async function renderPage(artifact: string, name: PageName, { plan }: DocumentInput, view: object): Promise<PlannedFile[]> {
  const text = await renderTemplate(`${artifact}/page.md.ejs`, { design: plan.spec.design, ...view })
  return [{ path: pagePath(plan.spec.design, name), kind: 'document', text }]
}

export function pagePath(design: string, name: PageName): string {
  return `docs/db/${design}/${name}.md`
}

/** A link from a page to a file of the repository, by its path from the root. */
export function fileLink(path: string, label: string = path): string {
  return `[${code(label)}](../../../${path.split('/').map(encodeURIComponent).join('/')})`
}

/** The same, where the folder is clear: `0018_shows.sql`. */
export function baseLink(path: string): string {
  return fileLink(path, fileName(path))
}

export function fileName(path: string): string {
  return path.split('/').at(-1) ?? path
}

/** From one page to another. */
export function pageLink(name: PageName): string {
  return `[${code(`${name}.md`)}](${name}.md)`
}

/** The lock file stands beside the spec. */
export function lockPath(specPath: string): string {
  return specPath.replace(/\.ya?ml$/, '.lock.yaml')
}
