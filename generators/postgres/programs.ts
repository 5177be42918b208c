/** Programs beside the server that may be there or not. */

/** The first line that a program prints about its version; null when it is not installed. */
export async function programVersion(name: string): Promise<string | null> {
  const { execa } = await import('execa')
  const { failed, stdout } = await execa(name, ['--version'], { reject: false, timeout: 10_000, stdin: 'ignore' })
  return failed ? null : (stdout.split('\n')[0] ?? '')
}
