/** Ctrl-C at any moment: exit 130, the tree as before, no server left. */
import { execFileSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { runProgram } from '../support/run-cli.ts'
import { sampleRepository, treeOf } from '../support/sample-repository.ts'

const answers = 'references/examples/designs/show_ratings.yaml'

/** Servers of a command carry its process id in the path of their data. */
function serversOf(pid: number): string[] {
  const processes = execFileSync('ps', ['-eo', 'args', '-ww'], { encoding: 'utf8' }).split('\n')
  return processes.filter((line) => new RegExp(`/[0-9a-f]{6}-${pid}-[0-9a-f]{6}`).test(line))
}

describe('Ctrl-C', () => {
  it.each([150, 400, 700, 1000, 1500, 2500])('after %i ms leaves nothing behind', async (delay) => {
    const root = sampleRepository()
    const before = treeOf(root)
    let pid = 0
    const { code, stdout, stderr } = await runProgram(['new-table', '--answers', answers, '--cwd', root], {
      started: (child) => {
        pid = child.pid ?? 0
        setTimeout(() => child.kill('SIGINT'), delay)
      },
    })
    expect(code).toBe(130)
    // The first moments belong to Node, before anybody listens.
    if (stderr !== '') expect(stderr).toContain('Interrupted. Nothing was written.')
    expect(stdout).not.toContain('Written')
    expect(treeOf(root)).toEqual(before)
    for (let tries = 0; tries < 20 && serversOf(pid).length > 0; tries += 1) await sleep(100)
    expect(serversOf(pid)).toEqual([])
  })
})
