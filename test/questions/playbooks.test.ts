/** `?` has an answer at every question. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { topics } from '../../generators/questions/topics.ts'
import { explainTopic } from '../../generators/terminal/playbook.ts'
import { createStyle } from '../../generators/terminal/style.ts'
import { visibleWidth } from '../../generators/terminal/wrap.ts'

const look = { style: createStyle(false), width: 60 }

it('a section for each topic, and no other', () => {
  const headings = [...readFileSync('references/playbooks.md', 'utf8').matchAll(/^## (.+)$/gm)].map(([, title]) => title)
  expect(headings).toEqual([...topics])
})

it.each(topics)('%s is explained in 60 columns, without SQL', async (topic) => {
  const text = await explainTopic(topic, look)
  expect(text.split('\n').filter((line) => visibleWidth(line) > 60)).toEqual([])
  expect(text).not.toMatch(/```|create table|assert/)
})
