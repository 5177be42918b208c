/** argv → exit code and streams, through the built program. */
import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { runProgram } from './support/run-cli.ts'

describe('help', () => {
  it('is what the README shows', async () => {
    const { stdout, code } = await runProgram(['--help'])
    expect(code).toBe(0)
    const readme = readFileSync('README.md', 'utf8')
    const shown = /(<!-- help:.*-->\n```\n)([\s\S]*?)(```\n<!-- \/help -->)/.exec(readme)
    if (process.env.UPDATE_README) writeFileSync('README.md', readme.replace(shown?.[0] ?? '', () => `${shown?.[1]}${stdout}${shown?.[3]}`))
    else expect(shown?.[2]).toBe(stdout)
  })

  it.each(['new-table', 'generate', 'verify', 'schema-docs', 'access', 'shell', 'diff', 'restack', 'doctor'])('of %s has examples', async (command) => {
    const { stdout, code } = await runProgram([command, '--help'])
    expect(code).toBe(0)
    expect(stdout).toContain(`Usage: trr-db ${command}`)
    expect(stdout).toContain('Examples:\n  trr-db ')
  })

  it('is the answer to nothing, without a terminal', async () => {
    const { stdout, code } = await runProgram([])
    expect(code).toBe(0)
    expect(stdout).toContain('Usage: trr-db <command>')
  })

  it('prints the version of the package', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
    expect(await runProgram(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n` })
  })
})

describe('usage errors', () => {
  const cases: [string[], string, string][] = [
    [['new-tabel'], "Unknown command 'new-tabel'.", 'Did you mean new-table?'],
    [['verify', '--kep'], "Unknown option '--kep'.", 'Did you mean --keep?'],
    [['generate'], "Missing required argument 'spec'.", 'See: trr-db --help'],
    [['new-table', '--answers'], "Option '--answers <spec.yaml>' argument missing.", 'See: trr-db --help'],
  ]
  it.each(cases)('%j exits 2 and says what was meant', async (argv, message, remedy) => {
    const { stdout, stderr, code } = await runProgram(argv)
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toBe(`USAGE  ${message}\n  ${remedy}\n`)
  })

  it('with --json is one document', async () => {
    const { stdout, code } = await runProgram(['verify', '--kep', '--json'])
    expect(code).toBe(2)
    expect(JSON.parse(stdout)).toEqual({
      ok: false,
      command: null,
      exitCode: 2,
      issues: [{ code: 'USAGE', message: "Unknown option '--kep'.", remedy: 'Did you mean --keep?' }],
    })
  })
})

describe('colours', () => {
  it('are for terminals, unless they are forced', async () => {
    expect((await runProgram(['nothing'])).stderr).not.toContain('\u001B')
    expect((await runProgram(['nothing'], { env: { FORCE_COLOR: '1' } })).stderr).toContain('\u001B[31mUSAGE')
    expect((await runProgram(['nothing'], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).stderr).not.toContain('\u001B')
    expect((await runProgram(['nothing', '--no-color'], { env: { FORCE_COLOR: '1' } })).stderr).not.toContain('\u001B')
  })
})
