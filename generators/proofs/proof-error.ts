/** What a proof says about an error: the server's refusal as a sentence. Bugs and interruptions go on. */
import { TrrError, formatIssue } from '../errors.ts'

/** One sentence with the place. Throws everything that is no refusal by the server. */
export function refusalOf(error: unknown): string {
  if (error instanceof TrrError) {
    const [issue] = error.issues
    if (!issue || issue.code === 'INTERRUPTED') throw error
    const { remedy: _remedy, excerpt: _excerpt, ...rest } = issue
    return formatIssue(rest)
  }
  const { code, message, severity } = error as { code?: unknown; message?: string; severity?: unknown }
  // Class 57: the server is going down, which says nothing about the SQL.
  if (typeof code !== 'string' || !/^[0-9A-Z]{5}$/.test(code) || code.startsWith('57P') || severity === undefined) throw error
  return `${message ?? ''} (${code})`
}

/** Ends a proof between two steps. */
export function stopIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new TrrError({ code: 'INTERRUPTED', message: 'Interrupted; nothing was written.' })
}
