/** Designs in which something is unusual: everything is asked, and everything is as the spec says. */
import { readFileSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { proveAccess } from '../../../generators/proofs/access-matrix.ts'
import { provePgtap } from '../../../generators/proofs/pgtap.ts'
import { sampleServer } from '../../support/sample-server.ts'

const folder = 'test/golden/designs'
const sample = sampleServer()

test.each(readdirSync(folder))('%s', async (name) => {
  const { server, plannedText } = sample()
  const { plan, sql, prepared } = await plannedText(name.replace('.yaml', ''), readFileSync(`${folder}/${name}`, 'utf8'))
  expect(await proveAccess({ server, plan, sql, prepared })).toMatchObject({ status: 'proved', findings: [] })
  expect(await provePgtap({ server, sql })).toMatchObject({ status: 'proved', findings: [] })
})
