import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Reject } from '@timeskein/model'
import { expect, it, onTestFinished } from 'vitest'
import { nameRejects, RejectFiles } from './reject-file.ts'

const LOST: Reject = { line: 9, reason: 'truncated', detail: 'expected more, found the end', raw: '' }
const BROKEN: Reject = { line: 3, reason: 'bad-time', detail: 'not a time', raw: 'never,x' }

it('writes no empty line for what was lost without a text, and the header above the first row only', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'timeskein-rejects-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const files = new RejectFiles(folder, 'id')
  for (const [place, rejects] of [[[LOST], [BROKEN], [BROKEN, LOST]], [[LOST]]].entries()) {
    await files.startFile(place + 1)
    for (const some of rejects) await files.add('a.csv', some, 'datetime,message\n')
  }
  await files.close()
  const read = async (file: number, kind: 'raw' | 'reasons'): Promise<string> =>
    await readFile(nameRejects(folder, 'id', file)[kind], 'utf8')
  expect(await read(1, 'raw')).toBe('datetime,message\nnever,x\nnever,x\n')
  const reasons = (await read(1, 'reasons')).trim().split('\n')
  expect(reasons.map((line) => JSON.parse(line).line)).toEqual([9, 3, 3, 9])
  expect(await read(2, 'raw')).toBe('')
  expect(JSON.parse(await read(2, 'reasons'))).toMatchObject({ reason: 'truncated' })
})
