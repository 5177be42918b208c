/** A longer text in the editor of the person. Inquirer's own question has no way out when there is no editor. */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The edited text; null when no editor can be started, or it failed. */
export async function editText(text: string, name: string, signal: AbortSignal): Promise<string | null> {
  const folder = await mkdtemp(join(tmpdir(), 'trr-db-'))
  try {
    const file = join(folder, name)
    await writeFile(file, text)
    return (await runEditor(file, signal)) ? await readFile(file, 'utf8') : null
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function runEditor(file: string, signal: AbortSignal): Promise<boolean> {
  // `EDITOR` may hold options: code --wait
  const [program = 'vi', ...options] = (process.env.VISUAL || process.env.EDITOR || 'vi').split(' ').filter(Boolean)
  return new Promise((resolve) => {
    const editor = spawn(program, [...options, file], { stdio: 'inherit', signal })
    editor.on('error', () => resolve(false))
    editor.on('close', (code) => resolve(code === 0))
  })
}
