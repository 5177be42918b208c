/** Unified diffs, for people. */
import { FILE_HEADERS_ONLY, createTwoFilesPatch } from 'diff'
import type { FileChange } from './changes.ts'

/** The change as a unified diff; empty when there is none. */
export function unifiedDiff(change: Pick<FileChange, 'path' | 'before' | 'after'>): string {
  const { path, before, after } = change
  const old = (before ?? '').replaceAll('\r\n', '\n')
  if (before !== null && after !== null && old === after) return ''
  const from = before === null ? '/dev/null' : `a/${path}`
  const to = after === null ? '/dev/null' : `b/${path}`
  return createTwoFilesPatch(from, to, old, after ?? '', undefined, undefined, { context: 3, headerOptions: FILE_HEADERS_ONLY })
}
