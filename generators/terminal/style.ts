/** Colours, when somebody looks. */
import { styleText } from 'node:util'

type Painter = (text: string) => string

export interface Style {
  bold: Painter
  dim: Painter
  red: Painter
  green: Painter
  yellow: Painter
  cyan: Painter
}

const formats = ['bold', 'dim', 'red', 'green', 'yellow', 'cyan'] as const satisfies readonly (keyof Style)[]

/** Painters that paint, or leave the text as it is. */
export function createStyle(colored: boolean): Style {
  // The caller has decided; newer versions of Node would ask stdout again.
  const painter = (format: keyof Style) => (text: string) => (colored ? styleText(format, text, { validateStream: false }) : text)
  return Object.fromEntries(formats.map((format) => [format, painter(format)])) as unknown as Style
}

/** https://no-color.org, `FORCE_COLOR`, else whether it is a terminal. */
export function wantsColor(environment: NodeJS.ProcessEnv, stream: { isTTY?: boolean }): boolean {
  if (environment.NO_COLOR) return false
  if (environment.FORCE_COLOR) return environment.FORCE_COLOR !== '0'
  return Boolean(stream.isTTY) && environment.TERM !== 'dumb'
}
