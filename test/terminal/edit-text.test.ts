import { afterEach, describe, expect, it, vi } from 'vitest'
import { editText } from '../../generators/terminal/edit-text.ts'

const { signal } = new AbortController()

describe('editing a text', () => {
  afterEach(() => vi.unstubAllEnvs())

  it('gives back what the editor left', async () => {
    vi.stubEnv('VISUAL', 'sed -i s/draft/published/')
    expect(await editText('status: draft\n', 'spec.yaml', signal)).toBe('status: published\n')
  })

  it.each(['no-such-editor', 'false'])('gives null when %s does not work', async (editor) => {
    vi.stubEnv('VISUAL', editor)
    expect(await editText('x', 'spec.yaml', signal)).toBe(null)
  })
})
