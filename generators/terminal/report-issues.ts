/** Errors as a person reads them. */
import { formatIssue } from '../errors.ts'
import type { Issue } from '../errors.ts'
import type { Terminal } from './terminal.ts'
import { wrap } from './wrap.ts'

/** All issues: the place and code stand out, excerpts keep their columns. */
export function formatIssues(issues: readonly Issue[], { style, width }: Pick<Terminal, 'style' | 'width'>): string {
  return issues
    .map((issue) => {
      const [head = '', ...rest] = formatIssue(issue).split('\n')
      const painted = head.replace(issue.code, style.red(issue.code))
      const excerpt = issue.excerpt?.split('\n').length ?? 0
      return [wrap(painted, width, 2), ...rest.map((line, index) => (index < excerpt ? style.dim(line) : wrap(line, width)))].join('\n')
    })
    .join('\n\n')
}
