/** `watchlists` → `watchlist`, `stories` → `story`: good enough to propose a name. */
export function singular(name: string): string {
  return name.replace(/ies$/, 'y').replace(/(ss|sh|ch|x)es$/, '$1').replace(/(?<!s)s$/, '')
}
