import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readFormatters } from './read-formatters.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formatters-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

test('formatters of all files of a folder are read, in the order of their names, keys with their type', async () => {
  await writeFile(join(folder, 'b.yaml'), '---\ntype: basic\ndata_type: second\nmessage: "{a}"\n')
  await writeFile(
    join(folder, 'a.yaml'),
    `# comment
---
type: conditional
data_type: first
enumeration_helpers:
- input_attribute: a
  output_attribute: b
  values:
    1: one
    '1': text
    0x10: Yes
message:
- '{b}'
---
`,
  )
  await writeFile(join(folder, 'notes.txt'), 'not: read')
  const [first, second] = await readFormatters(folder)
  expect(first?.data_type).toBe('first')
  expect(first?.enumeration_helpers?.[0]?.values).toEqual([
    [1, 'one'],
    ['1', 'text'],
    // As Python's YAML 1.1 has it.
    [16, 'True'],
  ])
  expect(second).toEqual({ type: 'basic', data_type: 'second', message: '{a}' })
})

test('formatters of one file come behind ours', async () => {
  const file = join(folder, 'mine.yaml')
  await writeFile(file, '---\ntype: basic\ndata_type: mine\nmessage: "{a}"\n')
  const definitions = await readFormatters(file)
  expect(definitions.at(-1)).toEqual({ type: 'basic', data_type: 'mine', message: '{a}' })
  expect(definitions.filter(({ isOwn }) => isOwn)).toHaveLength(definitions.length - 1)
})

test.each([
  ['type: basic\nmessage: x', 'formatter 1: expected a data_type'],
  ['a: [', 'bad.yaml: '],
  ['- 1', 'expected a mapping'],
])('%j is refused with its file', async (text, message) => {
  const file = join(folder, 'bad.yaml')
  await writeFile(file, text)
  await expect(readFormatters(file)).rejects.toThrow(message)
})

test('a folder without formatters is refused', async () => {
  await expect(readFormatters(folder)).rejects.toThrow(
    'expected .yaml files with formatters of Plaso, found none',
  )
})
