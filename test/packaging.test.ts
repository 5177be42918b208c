/** What npm would publish, installed elsewhere and used. */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { sampleRepository } from './support/sample-repository.ts'

const run = promisify(execFile)
const megabytes = 1024 ** 2
let folder: string
let tarball: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trr-db-pack-'))
  // The scripts would build anew, under the feet of the other tests.
  await run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder])
  tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '')
  return () => rmSync(folder, { recursive: true, force: true })
})

/** The packages that ours may load, linked from the checkout: no registry is needed, and no dev dependency is there. */
async function install(): Promise<string> {
  const app = join(folder, 'app')
  const target = join(app, 'node_modules/trr-db')
  mkdirSync(join(app, 'node_modules/.bin'), { recursive: true })
  mkdirSync(target)
  await run('tar', ['-xzf', tarball, '-C', target, '--strip-components=1'])
  writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'app', private: true }))
  for (const name of productionPackages()) {
    const link = join(app, 'node_modules', name)
    mkdirSync(join(link, '..'), { recursive: true })
    symlinkSync(resolve('node_modules', name), link)
  }
  symlinkSync('../trr-db/dist/generators/cli.js', join(app, 'node_modules/.bin/trr-db'))
  return app
}

/** Top-level packages of the lock that are installed without `--include=dev`. */
function productionPackages(): string[] {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, { dev?: boolean }> }
  const names = Object.entries(packages).flatMap(([path, { dev }]) => (/^node_modules\/(@[^/]+\/)?[^/]+$/.test(path) && !dev ? [path.slice('node_modules/'.length)] : []))
  return names.filter((name) => statSync(join('node_modules', name), { throwIfNoEntry: false }))
}

describe('the package', () => {
  it('is small, and holds the program, its templates and its references', async () => {
    expect(statSync(tarball).size).toBeLessThan(2 * megabytes)
    const { stdout } = await run('tar', ['-tzf', tarball])
    const files = stdout.trim().split('\n')
    for (const path of ['dist/plopfile.js', 'dist/generators/cli.js', 'dist/generators/index.d.ts', 'templates/tables/migration.sql.ejs', 'references/playbooks.md', 'README.md', 'LICENSE']) expect(files).toContain(`package/${path}`)
    expect(files.filter((path) => /^package\/(test|generators|node_modules)\//.test(path))).toEqual([])
  })

  it('works from another folder, without a dev dependency', { timeout: 120_000 }, async () => {
    const app = await install()
    const root = sampleRepository()
    const npx = (...argv: string[]) => run('npx', ['--offline', 'trr-db', ...argv], { cwd: app, env: { ...process.env, NO_COLOR: '1', npm_config_update_notifier: 'false' } })
    expect((await npx('--help')).stdout).toContain('Usage: trr-db <command>')
    const answers = join(app, 'node_modules/trr-db/references/examples/designs/show_ratings.yaml')
    const { stdout } = await npx('new-table', '--answers', answers, '--yes', '--json', '--cwd', root)
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, result: 'written', design: 'show_ratings' })
    expect(readdirSync(join(root, 'supabase/migrations'))).toContain('0018_show_ratings.sql')
  })
})
