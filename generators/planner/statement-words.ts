/** Statements of a workload as people call them. */
const ways: Record<string, string> = {
  once: ', with what is repeated counted once', dense: ' where its conditions hang together', typical: ' for typical values', hottest: ' for the values with most rows',
}

/** `query latest_for_show, dense` → `latest_for_show where its conditions hang together`. */
export function statementWords(id: string): string {
  const [, query, way = ''] = /^query (.*?)(?:, (once|dense|typical|hottest))?$/.exec(id) ?? []
  if (query !== undefined) return `${query}${ways[way] ?? ''}`
  return id.startsWith('foreign key ') ? `the lookup of ${id}` : `what reads the ${id}`
}
