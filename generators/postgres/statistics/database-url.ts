/** Addresses of databases of the user. Never shown with their password. */

/** Where it leads to, for people: `postgres@db.example.com:5432/postgres`. */
export function shownUrl(url: string): string {
  try {
    const { username, host, pathname } = new URL(url)
    return `${username === '' ? '' : `${decodeURIComponent(username)}@`}${host}${decodeURIComponent(pathname)}`
  } catch {
    return 'the database of --stats-from'
  }
}

export function isDatabaseUrl(text: string): boolean {
  return /^postgres(ql)?:\/\//.test(text) && URL.canParse(text)
}
