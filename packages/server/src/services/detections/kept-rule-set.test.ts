import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readRuleSet } from '@timeskein/analyze/detect'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { KeptRuleSet } from './kept-rule-set.ts'

let folder: string
const warnings: string[] = []
const log = pino({ level: 'warn' }, { write: (line) => warnings.push(line) })
const [hash, other] = ['rules', 'others'].map((text) => createHash('sha256').update(text).digest())
const text = 'title: One\nlogsource: { category: x }\ndetection: { s: { a: b }, condition: s }\n'
const set = readRuleSet([{ file: 'one.yml', text }])

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-rules-'))
  warnings.length = 0
})
afterEach(() => rm(folder, { recursive: true, force: true }))

it('gives back the rules that were kept, and no others', async () => {
  const kept = new KeptRuleSet(join(folder, 'cache', 'set.bin'), log)
  expect(await kept.read(hash!)).toBeUndefined()
  await kept.write(hash!, set)
  expect((await kept.read(hash!))?.documents).toEqual(set.documents)
  expect(await kept.read(other!)).toBeUndefined()
  expect(warnings).toEqual([])
})

it('takes nothing that other code has read, and nothing damaged', async () => {
  const path = join(folder, 'set.bin')
  const readBy = (code: string): KeptRuleSet => new KeptRuleSet(path, log, async () => code)
  await readBy('code').write(hash!, set)
  expect(await readBy('other code').read(hash!)).toBeUndefined()
  expect(await readBy('code').read(hash!)).toBeDefined()
  const bytes = await readFile(path)
  bytes[bytes.length - 1]! ^= 1
  await writeFile(path, bytes)
  expect(await readBy('code').read(hash!)).toBeUndefined()
})

it('warns where it cannot keep a set', async () => {
  await writeFile(join(folder, 'file'), '')
  await new KeptRuleSet(join(folder, 'file', 'set.bin'), log).write(hash!, set)
  expect(warnings).toHaveLength(1)
})
