/** The answers to one person about one verb, in a few words. */
interface Cell {
  row: string
  outcome: 'done' | 'nothing' | 'refused' | 'error'
  code: string | null
}

/** A verb that fails for somebody is said first: it hides what else there is. */
export function accessWords(cells: readonly Cell[]): string {
  if (cells.length === 0) return ''
  const of = (outcome: Cell['outcome']) => cells.filter((cell) => cell.outcome === outcome)
  const failed = of('error')[0]
  const done = of('done')
  if (failed) return `error ${failed.code}`
  if (done.length === cells.length) return 'every row'
  if (done.length > 0) return rowsOf(done, cells)
  return of('refused').length > 0 ? 'refused' : 'nothing'
}

/** A row stands for its variants where all of them are answered alike. */
function rowsOf(done: readonly Cell[], cells: readonly Cell[]): string {
  const head = (row: string) => row.replace(/^new, /, '').replace(/, (where|[^,]+ to) .*$/s, '')
  return [...new Set(done.map(({ row }) => head(row)))]
    .flatMap((kind) => {
      const mine = done.filter(({ row }) => head(row) === kind)
      return mine.length === cells.filter(({ row }) => head(row) === kind).length ? [kind] : mine.map(({ row }) => row.replace(/^new, /, ''))
    })
    .join('; ')
}
