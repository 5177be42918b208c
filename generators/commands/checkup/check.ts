/** One thing that was looked at. */
import { type ExitCode, type Issue, TrrError } from '../../errors.ts'

export interface Check {
  id: string
  /** `note`: nothing is wrong, and a person may want to know. */
  status: 'ok' | 'note' | 'problem'
  says: string
  remedy?: string
  /** What a problem means for the exit code. */
  exitCode?: ExitCode
}

export function ok(id: string, says: string): Check {
  return { id, status: 'ok', says }
}

export function note(id: string, says: string, remedy?: string): Check {
  return { id, status: 'note', says, ...(remedy ? { remedy } : {}) }
}

export function problem(id: string, says: string, remedy: string, exitCode: ExitCode = 1): Check {
  return { id, status: 'problem', says, remedy, exitCode }
}

/** Does the work; an expected failure becomes problems with its own words. */
export async function tried(id: string, work: () => Promise<Check[]>): Promise<Check[]> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof TrrError) || error.exitCode === 130) throw error
    return error.issues.map((issue) => problem(id, sentence(issue), issue.remedy ?? 'See the message.', error.exitCode))
  }
}

function sentence({ place, message, excerpt }: Issue): string {
  const where = place ? [place.file, place.line, place.column].filter((part) => part !== undefined).join(':') : ''
  return `${where ? `${where}  ` : ''}${message}${excerpt ? `\n${excerpt}` : ''}`
}
