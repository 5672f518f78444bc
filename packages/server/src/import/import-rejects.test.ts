import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ImportJob } from './import-service.ts'
import { type ImportCase, makeLines, openImportCase } from './testing/import-case.ts'

let place: ImportCase

beforeEach(async () => {
  place = await openImportCase()
})
afterEach(async () => {
  await place[Symbol.asyncDispose]()
})

async function readRejects(job: ImportJob, file?: number, kind: 'raw' | 'reasons' = 'raw'): Promise<string> {
  const { imports } = place.system.services
  return await new Response(await imports.readRejects(place.admin, job.id, kind, file)).text()
}

it('an import keeps what it rejected, to be mended and imported again', async () => {
  const csv = 'datetime,message,timestamp_desc\n2024-01-01T00:00:00Z,"one, two",t\nnever,three,t\n'
  const job = await place.importPaths([await place.writeInput('a.csv', csv)])
  expect(job.files[0]).toMatchObject({
    format: expect.stringMatching(/^csv/) as string,
    stored: 1,
    rejected: 1,
  })
  const rejects = await readRejects(job)
  expect(rejects).toBe('datetime,message,timestamp_desc\nnever,three,t\n')
  const [reason] = (await readRejects(job, 1, 'reasons')).trim().split('\n')
  expect(JSON.parse(reason!)).toMatchObject({ line: 3, reason: 'bad-time' })
  await place.importPaths([
    await place.writeInput('mended.csv', rejects.replace('never', '2024-01-02T00:00:00Z')),
  ])
  expect(await place.countEvents()).toBe(2)
})

it('a timeline of whose file every row was rejected has failed and says why, until it has events', async () => {
  const { timelines } = place.system.services
  const look = async (): Promise<unknown> =>
    (await timelines.list(place.admin, place.sketchId)).map(({ status, dataSources }) => [
      status,
      dataSources.map((source) => [source.status, source.errorMessage]),
    ])
  const never = 'datetime,message,timestamp_desc\nnever,one,t\n20240230101500,two,t\n'
  const job = await place.importPaths([await place.writeInput('a.csv', never)])
  expect(job).toMatchObject({ status: 'done', hasRejects: true, files: [{ stored: 0, rejected: 2 }] })
  const why = expect.stringMatching(/^0 out of 2 events imported\. .*'bad-time' \(2\), first: .*"never"/)
  expect(await look()).toEqual([['fail', [['fail', why]]]])
  await place.importPaths([await place.writeInput('b.jsonl', makeLines(0, 1))])
  expect(await look()).toEqual([
    [
      'ready',
      [
        ['fail', why],
        ['ready', ''],
      ],
    ],
  ])
  // What has events stays in sight, and what was known before is not rejected.
  await place.importPaths([await place.writeInput('a.csv', never)])
  await place.importPaths([await place.writeInput('b.jsonl', `${makeLines(0, 1)}{"broken\n`)])
  const some = expect.stringContaining('1 out of 2 events imported.')
  const sources = [
    ['fail', why],
    ['ready', ''],
    ['fail', why],
    ['ready', some],
  ]
  expect(await look()).toEqual([['ready', sources]])
})

it('an import tells for each reason where it was first and why, in few words', async () => {
  const broken = `{"broken ${'x'.repeat(5000)}`
  const lines = [makeLines(0, 2), broken, `\n{"datetime":"${'y'.repeat(5000)}"}\n`, broken, '\n']
  const job = await place.importPaths([await place.writeInput('a.jsonl', lines.join(''))])
  const { reasons, first_rejects = {} } = job.files[0]!
  expect(reasons).toEqual({ 'bad-json': 2, 'bad-time': 1 })
  expect(first_rejects).toMatchObject({ 'bad-json': { line: 3 }, 'bad-time': { line: 4 } })
  for (const { detail } of Object.values(first_rejects)) expect(detail).toMatch(/^.{10,1000}$/)
})

it('an import keeps the rejected rows of each file apart, each under its own header', async () => {
  const job = await place.importPaths([
    await place.writeInput('a.csv', 'datetime,message\n2024-01-01T00:00:00Z,x\nnever,three\n'),
    await place.writeInput('b.jsonl', makeLines(0, 2)),
    await place.writeInput('c.jsonl', `${makeLines(0, 1)}{"broken\n`),
    await place.writeInput('d.tsv', 'when\t"odd\tname"\n2024-01-01T00:00:00Z\tx\nnever\tfour\n'),
  ])
  expect(job.files.map((file) => file.rejected)).toEqual([1, 0, 1, 1])
  expect(await readRejects(job, 1)).toBe('datetime,message\nnever,three\n')
  await expect(readRejects(job, 2)).rejects.toMatchObject({ code: 'reject-file-not-found' })
  expect(await readRejects(job, 3)).toBe('{"broken\n')
  expect(await readRejects(job, 4)).toBe('when\t"odd\tname"\nnever\tfour\n')
  expect(await readRejects(job)).toBe(
    'datetime,message\nnever,three\n{"broken\nwhen\t"odd\tname"\nnever\tfour\n',
  )
})

it('files of one folder have their own headers too', async () => {
  await mkdir(join(place.directory, 'folder'))
  for (const name of ['a', 'b', 'c', 'd'])
    await place.writeInput(`folder/${name}.csv`, `datetime,${name}\n2024-01-01T00:00:00Z,x\nnever,three\n`)
  const job = await place.importPaths([join(place.directory, 'folder')])
  expect(job.files.map((file) => file.rejected)).toEqual([1, 1, 1, 1])
  for (const [i, name] of ['a', 'b', 'c', 'd'].entries())
    expect(await readRejects(job, i + 1)).toBe(`datetime,${name}\nnever,three\n`)
})
