/** The elements of `{a,"b c"}`, an array of one dimension as the server writes it. */
export function arrayElements(text: string): string[] {
  return [...text.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|([^,]+)/g)].map(([, quoted, bare]) => (quoted ?? bare ?? '').replaceAll(/\\(.)/g, '$1'))
}
