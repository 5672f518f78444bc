import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runSkein } from '../testing/run-skein.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-reading-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

async function skein(...args: readonly string[]): Promise<string> {
  const run = await runSkein([...args, '--data', join(folder, 'data'), '--quiet'])
  expect(run.exitCode, run.err).toBe(0)
  return run.out
}

async function importText(name: string, text: string, ...args: readonly string[]): Promise<unknown[]> {
  const path = join(folder, name)
  await writeFile(path, text)
  await skein('import', path, '--sketch', name, ...args)
  return JSON.parse(await skein('search', '*', '--sketch', name, '--fields', 'datetime', '--json')).hits
}

test('dates with points are day first, and slashes as their column shows, unless the order is said', async () => {
  const [point] = await importText('point.csv', 'Date,Message\n01.02.2024 03:04:05,x\n')
  expect(point).toMatchObject({ datetime: expect.stringMatching(/^2024-02-01T03:04:05/) })
  const slashes = 'Date,Message\n01/02/2024 03:04:05,x\n25/12/2024 00:00:00,y\n'
  const [shown] = await importText('shown.csv', slashes)
  expect(shown).toMatchObject({ datetime: expect.stringMatching(/^2024-02-01T/) })
  const [said] = await importText('said.csv', 'Date,Message\n01/02/2024 03:04:05,x\n', '--day-first')
  expect(said).toMatchObject({ datetime: expect.stringMatching(/^2024-02-01T/) })
})

test('every time of a row becomes an event, and what could not be read of them is told', async () => {
  const path = join(folder, 'times.csv')
  await writeFile(
    path,
    'When,Seen,What\n2024-01-01,2024-01-02,x\n2024-01-01,garbage,y\n2024-01-03,2024-01-03,z\n',
  )
  const told = JSON.parse(await skein('import', path, '--sketch', 'times', '--times', 'all', '--json'))
  expect(told.files[0]).toMatchObject({
    read: 4,
    stored: 4,
    rejected: 0,
    duplicates: 0,
    remarks: [
      '1 value of the time field "Seen" could not be read, so no event was made of it (line 3: expected a time, found "garbage").',
      expect.stringMatching(/^The values of "When" that were looked at are dates without a clock/),
    ],
  })
  const fields = 'datetime,timestamp_desc,What'
  const { hits } = JSON.parse(await skein('search', '*', '--sketch', 'times', '--fields', fields, '--json'))
  expect(
    hits.map((hit: Record<string, string>) => [
      hit['What'],
      hit['datetime']!.slice(0, 10),
      hit['timestamp_desc'],
    ]),
  ).toEqual([
    ['x', '2024-01-01', 'When'],
    ['y', '2024-01-01', 'When'],
    ['x', '2024-01-02', 'Seen'],
    ['z', '2024-01-03', 'When; Seen'],
  ])
  const [again] = JSON.parse(
    await skein('import', path, '--sketch', 'times', '--times', 'all', '--json'),
  ).files
  expect(again).toMatchObject({ read: 4, stored: 0, duplicates: 4 })
})

test('a field named @timestamp comes back from an exported CSV under its name', async () => {
  await importText(
    'ecs.jsonl',
    '{"@timestamp":"2024-01-02T03:04:05Z","@metadata":{"beat":"x"},"message":"hello"}\n',
  )
  for (const fields of [[], ['--fields', '@timestamp,@metadata.beat,message']]) {
    const out = join(folder, `out ${fields.length}.csv`)
    await skein('export', '--sketch', 'ecs.jsonl', '--format', 'csv', '--out', out, ...fields)
    await skein('sketch', 'create', `again ${fields.length}`)
    await skein('import', out, '--sketch', `again ${fields.length}`)
    const { hits } = JSON.parse(await skein('search', '*', '--sketch', `again ${fields.length}`, '--json'))
    expect(hits[0]).toMatchObject({ '@timestamp': '2024-01-02T03:04:05Z', '@metadata.beat': 'x' })
  }
})

test('several fields become one, which is found by its words and shown before', async () => {
  const path = join(folder, 'joined.csv')
  await writeFile(path, 'When,host,what\n2024-01-01,web1,someone logs on\n2024-01-02,,rests\n')
  const map = ['--map', 'time=When,message=host+what']
  const shown = await runSkein(['import', path, ...map, '--dry-run'])
  expect(shown.out).toContain('message: host + what')
  expect(shown.out).toContain('host:web1 | what:someone logs on | ')
  await skein('import', path, '--sketch', 'joined', ...map)
  const search = async (query: string) =>
    JSON.parse(await skein('search', query, '--sketch', 'joined', '--fields', 'message', '--json')).hits
  expect(await search('message:logs')).toMatchObject([{ message: 'host:web1 | what:someone logs on | ' }])
  expect(await search('message:"what:rests"')).toMatchObject([{ message: 'what:rests | ' }])
  const slip = await runSkein(['import', path, '--dry-run', '--map', 'time=When,message=host+wat'])
  expect(slip.exitCode).toBe(65)
  expect(slip.err).toContain('--map names "wat", which the input does not have')
})

test('a name of --map that is none of ours is remarked, for it may be a slip', async () => {
  const path = join(folder, 'slip.csv')
  await writeFile(path, 'When,What\n2024-01-01,x\n')
  const args = ['import', path, '--dry-run', '--map']
  expect((await runSkein([...args, 'tiem=When'])).err).toMatch(/--map: "tiem" becomes a field .* time, /)
  expect((await runSkein([...args, 'time=When,message=What'])).err).toBe('')
  expect((await runSkein([...args, 'tiem=When', '--quiet'])).err).toBe('')
})

test.each([
  ['windows-1251', 'cff0e8e2e5f2', 'Привет'],
  ['koi8-r', 'f0d2c9d7c5d4', 'Привет'],
  ['shift_jis', '93fa967b', '日本'],
])(
  'a text in %s that is read as UTF-8 has lost its letters, which ends the command with 3',
  async (encoding, hex, text) => {
    const path = join(folder, `${encoding}.log`)
    const lines = [Buffer.from('2024-01-02 03:04:05 '), Buffer.from(hex, 'hex'), Buffer.from('\n')]
    await writeFile(path, Buffer.concat([...lines, Buffer.from('2024-01-02 03:04:06 plain\n')]))
    const args = ['import', path, '--data', join(folder, 'data'), '--json', '--sketch']
    const lost = await runSkein([...args, `${encoding} lost`])
    expect(lost.exitCode).toBe(3)
    expect(JSON.parse(lost.out).files[0]).toMatchObject({ read: 2, stored: 2, rejected: 0, undecoded: 1 })
    expect(lost.err).toMatch(/lost.*--encoding .*windows-1251.*koi8-r.*shift_jis/)
    const told = await runSkein([...args, `${encoding} told`, '--encoding', encoding])
    expect(told.exitCode, told.err).toBe(0)
    expect(JSON.parse(told.out).files[0]).not.toHaveProperty('undecoded')
    const found = await skein('search', text, '--sketch', `${encoding} told`, '--json')
    expect(JSON.parse(found).hits).toHaveLength(1)
  },
)

test('characters that are none of the encoding that was told are lost, too', async () => {
  const path = join(folder, 'greek.log')
  await writeFile(path, Buffer.from('2024-01-02 03:04:05 \xd2\n2024-01-02 03:04:06 x\n', 'latin1'))
  const args = ['import', path, '--data', join(folder, 'data'), '--json', '--sketch', 'greek']
  const run = await runSkein([...args, '--encoding', 'windows-1253'])
  expect([run.exitCode, JSON.parse(run.out).files[0].undecoded]).toEqual([3, 1])
})
