import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { habitsOf } from '../../generators/design/habits.ts'
import { readSpec } from '../../generators/design/read-spec.ts'
import { sampleCatalog } from './sample-catalog.ts'

const directory = 'references/examples/designs'
const context = { catalog: sampleCatalog, habits: habitsOf(sampleCatalog, { apiSchemas: ['public', 'core', 'social'] }) }

describe('the example designs', () => {
  test.each(readdirSync(directory))('%s is accepted', async (file) => {
    const spec = await readSpec({ text: readFileSync(`${directory}/${file}`, 'utf8'), file }, context)
    expect(spec.design).toBe(file.replace('.yaml', ''))
  })
})
