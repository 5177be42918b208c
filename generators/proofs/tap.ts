/** TAP, as pgTAP prints it: one row for each line or block of lines. */

export interface TapResult {
  /** `1..n`; null when no plan was printed. */
  planned: number | null
  passed: number
  /** Assertions that count as failures, with what pgTAP says about them. */
  failures: { number: number; title: string; details: string[] }[]
  /** Lines such as `# Looks like you planned 4 tests but ran 3`, and `Bail out!`. */
  complaints: string[]
}

/** Reads the rows of a test file. Indented lines are subtests: their parent counts. */
export function parseTap(rows: readonly string[]): TapResult {
  const result: TapResult = { planned: null, passed: 0, failures: [], complaints: [] }
  let open: TapResult['failures'][number] | null = null
  for (const line of rows.flatMap((row) => row.split('\n'))) {
    const plan = /^1\.\.(\d+)/.exec(line)
    const [, not, number, rest = ''] = /^(not )?ok (\d+)(?: -)?(?: (.*))?$/.exec(line) ?? []
    if (plan) result.planned = Number(plan[1])
    else if (number !== undefined) {
      open = null
      // A failing TODO is expected to fail.
      if (not === undefined || /# TODO/i.test(rest)) result.passed += 1
      else result.failures.push((open = { number: Number(number), title: rest, details: [] }))
    } else if (line.startsWith('# Looks like') || line.startsWith('Bail out!')) result.complaints.push(line.replace(/^# /, ''))
    else if (line.startsWith('# ') && open) open.details.push(line.slice(2).trim())
  }
  return result
}
