import { PassThrough } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createProgress } from '../../generators/terminal/progress.ts'
import { createStyle } from '../../generators/terminal/style.ts'

function watch(isTTY: boolean) {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 30 })
  return { step: createProgress(stream as unknown as NodeJS.WriteStream, createStyle(false)), said: () => String(stream.read() ?? '') }
}

describe('progress', () => {
  it('says nothing about what is quick', async () => {
    for (const isTTY of [true, false]) {
      const { step, said } = watch(isTTY)
      expect(await step('Proving', async () => 7)).toBe(7)
      expect(said()).toBe('')
    }
  })

  it('is a plain line without a terminal, once for each name', async () => {
    const { step, said } = watch(false)
    await step('Proving', async (rename) => {
      await sleep(600)
      rename('Proving access')
      await sleep(3000)
    })
    expect(said()).toBe('Proving…\nProving access…\n')
  })

  it('is one line on a terminal, cut to its width and gone at the end', async () => {
    const { step, said } = watch(true)
    await step('Proving something with a very long name', () => sleep(650))
    const text = said()
    expect(text).toContain('⠋ Proving something with a ve')
    expect(text).not.toContain('very long')
    expect(text.endsWith('\r\u001B[K')).toBe(true)
  })

  it('goes away when the work fails', async () => {
    const { step, said } = watch(true)
    await expect(step('Proving', async () => sleep(600).then(() => Promise.reject(new Error('no'))))).rejects.toThrow('no')
    expect(said().endsWith('\r\u001B[K')).toBe(true)
  })
})
