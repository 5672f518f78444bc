import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPlace } from '../testing/open-place.ts'
import { openTimesketchPlace } from '../testing/open-timesketch-place.ts'
import { type RunOptions, runSkein, type SkeinRun } from '../testing/run-skein.ts'

const ROWS = [
  '2026-03-01T10:00:00Z,opened the letter,Opened,ana,1',
  '2026-03-01T10:05:00Z,"=HYPERLINK(""evil"")",Opened,ana,2',
  'yesterday,no such time,Opened,bob,3',
  '2026-03-02T00:00:00Z,closed,Closed,bob,4',
]
const CSV = `datetime,message,timestamp_desc,user,n\n${ROWS.join('\n')}\n`
const KINDS = ['data directory', 'server', 'profile'] as const

/** A machine with much else to do takes its time. */
const HOOK_MS = 120_000

interface Hit {
  readonly message: string
  readonly [name: string]: unknown
}

describe.each(KINDS)('with a %s', (kind) => {
  let folder: string
  let where: readonly string[]
  let options: RunOptions = {}
  let place: AsyncDisposable

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'skein-timesketch-'))
    await writeFile(join(folder, 'rows.csv'), CSV)
    if (kind === 'profile') {
      const opened = await openTimesketchPlace(folder)
      options = { homeDirectory: opened.homeDirectory }
      where = ['--profile', 'timesketch']
      place = opened
    } else {
      const opened = await openPlace(kind, join(folder, 'data'))
      where = opened.where
      place = opened
    }
    const run = await skein(['upload', join(folder, 'rows.csv'), '-s', 'case'])
    expect(run.exitCode, run.err).toBe(0)
    expect(run.out).toMatch(/4 rows read, 3 sent, 1 rejected; timeline rows \(\d+\) of sketch \d+ is ready/)
    expect(run.err).toContain('line 4: no time: datetime is "yesterday"')
  }, HOOK_MS)
  afterAll(async () => {
    await place[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  async function skein(args: readonly string[], more: RunOptions = {}): Promise<SkeinRun> {
    return await runSkein([...args, ...where], { ...options, ...more })
  }

  async function out(...args: readonly string[]): Promise<string> {
    const run = await skein([...args, '-s', 'case', '--quiet'])
    expect(run.exitCode, run.err).toBe(0)
    return run.out
  }

  async function find(...args: readonly string[]): Promise<readonly Hit[]> {
    return JSON.parse(await out('search', ...args, '--format', 'json'))
  }

  async function idOf(query: string): Promise<string> {
    const answer = JSON.parse(await out('search', query, '--json'))
    return answer.hits[0]._id
  }

  test('a search is printed in each of Timesketch’s formats', async () => {
    const words = ['search', 'user:ana', '--fields', 'message,n', '--format']
    expect(await out(...words, 'csv')).toContain('"\'=HYPERLINK(""evil"")"')
    expect((await out(...words, 'jsonl', '--describe')).startsWith('Query string: user:ana\n')).toBe(true)
    expect(JSON.parse(await out(...words, 'json'))).toMatchObject([
      { message: 'opened the letter', n: '1' },
      { n: '2' },
    ])
    expect(await out(...words, 'tabular')).toMatch(/^\+-+\+.*\n\| datetime .*\n\|-+\+.*\n(\| .*\n){2}\+-+\+/)
    const bare = await out(...words, 'text', '--no-header')
    expect(bare.trimEnd().split('\n')).toHaveLength(2)
    expect(bare).not.toContain('message')
  })

  test('CSV and JSON lines of a Timesketch server are as its own command prints them, else as they were asked for', async () => {
    const words = ['search', 'closed', '--fields', 'user,n', '--format']
    const time = '2026-03-02T00:00:00'
    const [header, row] = (await out(...words, 'csv')).split('\r\n')
    const line = JSON.parse(await out(...words, 'jsonl'))
    if (kind === 'profile') {
      expect(header).toBe('datetime,user,n')
      expect(row).toMatch(new RegExp(`^${time}.*,bob,4$`))
      expect(Object.keys(line)).toEqual(['datetime', 'user', 'n'])
      expect((await out('search', 'closed', '--format', 'csv')).split('\r\n')[0]).not.toContain('_id')
    } else {
      expect([header, row]).toEqual(['user,n', 'bob,4'])
      expect(line).toEqual({ n: '4', user: 'bob' })
    }
    expect(
      (await out('search', '*', '--format', 'csv', '--limit', 'all')).trimEnd().split('\r\n'),
    ).toHaveLength(4)
  })

  test('an upload of which nothing is imported says so', async () => {
    const path = join(folder, 'nothing.csv')
    await writeFile(path, 'datetime,message,timestamp_desc\n')
    const empty = await skein(['upload', path, '-s', 'case'])
    expect(empty.exitCode).toBe(0)
    expect(empty.out).toMatch(
      /0 rows read, 0 sent, 0 rejected; nothing was imported, and there is no timeline nothing of it in sketch \d+\n$/,
    )
    await writeFile(path, 'datetime,message,timestamp_desc\nyesterday,m,d\n')
    const rejected = await skein(['upload', path, '-s', 'case', '--json'])
    expect(rejected.exitCode).toBe(3)
    expect(JSON.parse(rejected.out).files).toMatchObject([{ status: 'empty', account: { rejected: 1 } }])
  })

  test('times, labels and wildcards narrow a search; the server’s own columns come when asked for', async () => {
    expect(await find('*', '--time', '2026-03-01T10:05:00')).toHaveLength(1)
    expect(await find('*', '--time-range', '2026-03-01,2026-03-01')).toHaveLength(2)
    expect(
      await find('*', '--time-range', '2026-03-01,2026-03-01', '--to', '2026-03-01T10:01:00'),
    ).toHaveLength(1)
    expect(await find('user:*N*', '--wildcard')).toHaveLength(2)
    expect((await find('closed', '--internal-columns'))[0]).toMatchObject({
      _id: expect.any(String),
      _index: expect.any(String),
      __ts_timeline_id: expect.any(Number),
    })
    const compared = JSON.parse(await out('search', 'user:ana', '--wildcard', '--compare'))
    expect(compared).toMatchObject({ standard_search: { total_hits: 2 }, wildcard_search: { total_hits: 2 } })
    expect(compared.diff).toEqual({ only_in_wildcard: [], only_in_standard: [] })
  })

  test('an event is annotated, found by its marks, exported for them, and untagged', async () => {
    const id = await idOf('closed')
    const told = JSON.parse(
      await out('event', 'annotate', id, '--tag', 'one,two', '--comment', 'a, b', '--comment', 'c', '--json'),
    )
    expect(told).toMatchObject([
      { _id: id, tag: ['one', 'two'], comments: [{ text: 'a, b' }, { text: 'c' }] },
    ])
    expect(await find('*', '--label', 'comment')).toHaveLength(1)
    expect((await skein(['star', id, '-s', 'case'])).exitCode).toBe(0)
    expect(await find('*', '--label', 'star', '--label', 'comment')).toHaveLength(1)
    const exported = await out('export', '--annotated', '--format', 'jsonl', '--out', '-')
    expect(
      exported
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).message),
    ).toEqual(['closed'])
    expect((await skein(['untag', id, '--tag', 'one', '-s', 'case'])).exitCode).toBe(0)
    expect(await find('tag:one')).toEqual([])
    const missing = await skein(['event', 'show', 'nosuch', '-s', 'case'])
    expect(missing).toMatchObject({ exitCode: 66, err: expect.stringContaining('nosuch') as string })
  })

  test('an event is added by hand', async () => {
    const words = [
      '--date',
      '2026-01-01T00:00:00Z',
      '--timestamp-desc',
      'Noted',
      '--attribute',
      'by=hand=x',
      '-t',
      'q',
    ]
    expect(await out('event', 'add', '-m', 'a call', ...words)).toContain('Manual events')
    expect(await find('tag:q', '--fields', 'message,by')).toMatchObject([{ message: 'a call', by: 'hand=x' }])
  })

  test('a search is kept, told, run, narrowed, and deleted', async () => {
    await out('saved-search', 'save', 'Ana', '--query', 'user:ana', '--time-range', '2026-03-01,2026-03-02')
    expect(JSON.parse(await out('saved-search', 'list', '--format', 'json'))).toMatchObject([{ name: 'Ana' }])
    expect(await out('saved-search', 'show', 'Ana')).toContain('query: user:ana')
    expect(await find('--saved-search', 'Ana')).toHaveLength(2)
    expect(await find('letter', '--saved-search', 'Ana')).toHaveLength(1)
    await out('saved-search', 'delete', 'Ana')
    const gone = await skein(['search', '--saved-search', 'Ana', '-s', 'case'])
    expect(gone).toMatchObject({
      exitCode: 66,
      err: expect.stringContaining('no saved search "Ana"') as string,
    })
  })

  test('a story is told with text, a search and a chart', async () => {
    await out('saved-search', 'save', 'Bob', '--query', 'user:bob')
    const chart = join(folder, 'chart.json')
    const words = ['-p', 'field=user', '-p', 'supported_charts=barchart', '--chart', chart, '--save', 'Users']
    expect(await out('aggregate', 'run', 'field_bucket', ...words, '--format', 'csv')).toBe(
      'user,count\r\nana,2\r\nbob,1\r\n',
    )
    expect(JSON.parse(await readFile(chart, 'utf8'))).toMatchObject({ mark: { type: 'bar' } })
    expect(await out('aggregate', 'show', 'Users', '--format', 'jsonl')).toContain('{"user":"ana","count":2}')
    expect(await out('aggregate', 'kinds')).toContain('field_bucket')
    await out('story', 'create', 'What happened', '--text', '# Head')
    expect(
      await out('story', 'add', 'What happened', '--saved-search', 'Bob', '--aggregation', 'Users'),
    ).toContain('3 blocks')
    const markdown = await out('story', 'show', 'What happened')
    expect(markdown).toMatch(/^# Head/)
    expect(markdown).toContain('closed')
    await out('story', 'delete', 'What happened')
    expect(JSON.parse(await out('story', 'list', '--json'))).toEqual([])
  })

  test('a chart that cannot be written is told before anything is counted or kept', async () => {
    const chart = join(folder, 'nowhere', 'chart.json')
    const words = ['run', 'field_bucket', '-p', 'field=user', '--chart', chart, '--save', 'Unseen']
    const run = await skein(['aggregate', ...words, '-s', 'case'])
    expect(run).toMatchObject({ exitCode: 73, err: expect.stringContaining('cannot write') as string })
    expect(await out('aggregate', 'list', '--format', 'jsonl')).not.toContain('Unseen')
  })

  test('attributes, indicators and labels say what the case is about', async () => {
    await out('attribute', 'set', 'ticket', 'CASE-1')
    expect(JSON.parse(await out('attribute', 'list', '--format', 'json'))).toContainEqual({
      name: 'ticket',
      ontology: 'text',
      values: 'CASE-1',
    })
    await out('attribute', 'remove', 'ticket')
    expect((await skein(['attribute', 'remove', 'ticket', '-s', 'case'])).exitCode).toBe(66)
    await out('intelligence', 'add', '198.51.100.7', '--type', 'ipv4', '--tag', 'c2,seen')
    await out('intelligence', 'add', 'evil.example', '--type', 'hostname')
    expect(await out('intelligence', 'list', '--format', 'csv', '--columns', 'ioc,tags')).toBe(
      'ioc,tags\r\n198.51.100.7,"c2,seen"\r\nevil.example,\r\n',
    )
    expect((await skein(['sketch', 'label', 'case', 'a', 'b', '--format', 'text'])).out).toBe(
      'label\n    a\n    b\n',
    )
    expect((await skein(['sketch', 'unlabel', 'case', 'a', '--format', 'csv', '--no-header'])).out).toBe(
      'b\r\n',
    )
  })

  test('a timeline is described and coloured', async () => {
    await out('timeline', 'color', 'rows', '#aabb11')
    expect(JSON.parse(await out('timeline', 'describe', 'rows', '--json'))).toMatchObject({
      name: 'rows',
      status: 'ready',
      color: 'AABB11',
      fields: expect.arrayContaining(['user', 'n']) as string[],
      data_sources: [{ provider: 'skein upload' }],
    })
    const wrong = await skein(['timeline', 'color', 'rows', 'red', '-s', 'case'])
    expect(wrong).toMatchObject({ exitCode: 2, err: expect.stringContaining('hex digits') as string })
  })

  test('a sketch is listed in each format, exported, archived once and taken out again', async () => {
    expect((await skein(['sketch', 'list', '--format', 'csv', '--no-header'])).out).toMatch(
      /^\d+,\w+,\w+,.*,case\r\n$/,
    )
    const zip = join(folder, 'case.zip')
    expect((await skein(['sketch', 'export', 'case', '--out', zip])).exitCode).toBe(0)
    expect((await readFile(zip)).subarray(0, 2).toString()).toBe('PK')
    expect((await skein(['sketch', 'delete', 'case', '--dry-run'])).out).toContain('would delete sketch')
    expect((await skein(['sketch', 'archive', 'case'])).exitCode).toBe(0)
    const again = await skein(['sketch', 'archive', 'case'])
    expect(again).toMatchObject({ exitCode: 65, err: expect.stringContaining('archived already') as string })
    expect((await skein(['sketch', 'unarchive', 'case'])).exitCode).toBe(0)
  })

  test('a log is read as a file of formats says, into a sketch that is chosen among several of its name', async () => {
    const path = join(folder, 'odd.csv')
    await writeFile(path, 'When;Who;What\n2024-06-01T00:00:00Z;ana;came\n')
    const formats = join(folder, 'formats.yaml')
    await writeFile(
      formats,
      "odd:\n  message: '{Who} {What}'\n  timestamp_desc: Seen\n  datetime: When\n  separator: ';'\n  columns_subset: 'When,Who'\n",
    )
    for (let count = 0; count < 2; count += 1) await skein(['sketch', 'create', 'twice'])
    const words = ['upload', path, '-s', 'twice', '--log-config-file', formats]
    expect((await skein(words)).exitCode).toBe(65)
    const sent = await skein([...words, '--sketch-strategy', 'newest', '--json'])
    expect(sent.exitCode, sent.err).toBe(0)
    const { sketch_id: id, files } = JSON.parse(sent.out)
    expect(files).toMatchObject([
      { timeline: 'odd', status: 'ready', account: { read: 1, sent: 1, rejected: 0 } },
    ])
    const hits = await skein([
      'search',
      '*',
      '-s',
      String(id),
      '--format',
      'json',
      '--fields',
      'message,timestamp_desc',
    ])
    expect(JSON.parse(hits.out)).toMatchObject([{ message: 'ana came', timestamp_desc: 'Seen' }])
    await writeFile(formats, 'odd:\n  mesage: x\n')
    const slip = await skein([...words, '--sketch-strategy', 'newest'])
    expect(slip).toMatchObject({
      exitCode: 65,
      err: expect.stringContaining('"mesage" is none of') as string,
    })
  })

  test('columns are joined by the server, of a table and of JSON lines', async () => {
    const rows = [{ When: '2024-06-01T00:00:00Z', Who: 'ana', What: 'came in' }]
    const texts = {
      'joined.csv': `When,Who,What\n${rows.map((row) => Object.values(row).join(',')).join('\n')}\n`,
      'joined.jsonl': rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
    }
    const map = 'time=When,message=Who+What,timestamp_desc==Seen'
    for (const [name, text] of Object.entries(texts)) {
      await writeFile(join(folder, name), text)
      const sent = await skein(['upload', join(folder, name), '-s', name, '--map', map])
      expect(sent, sent.err).toMatchObject({ exitCode: 0, err: '' })
      const fields = ['--format', 'json', '--fields', 'message,timestamp_desc']
      const found = await skein(['search', 'message:"what:came in"', '-s', name, ...fields])
      expect(JSON.parse(found.out)).toMatchObject([
        { message: 'Who:ana | What:came in | ', timestamp_desc: 'Seen' },
      ])
    }
    const slip = await skein(['upload', join(folder, 'joined.csv'), '-s', 'slip', '--map', 'message=Who+Wo'])
    expect(slip).toMatchObject({ exitCode: 65, err: expect.stringContaining('Sources column/s: "Wo"') })
    const plaso = join(folder, 'x.plaso')
    await writeFile(plaso, 'x')
    const known = await skein(['upload', plaso, '-s', 'slip', '--map', map])
    expect(known).toMatchObject({ exitCode: 2, err: expect.stringContaining('--map is for CSV') })
  })

  test('an upload ends with another code than 0 where text is lost, or the server could not take a piece', async () => {
    const lost = join(folder, 'lost.csv')
    await writeFile(
      lost,
      Buffer.from('datetime,message,timestamp_desc\n2024-06-01T00:00:00Z,caf\xe9,Seen\n', 'latin1'),
    )
    const words = ['-s', 'pieces', '--timeline', 'pieces']
    const undecoded = await skein(['upload', lost, ...words])
    expect(undecoded).toMatchObject({
      exitCode: 3,
      err: expect.stringContaining('1 character could not be decoded and is lost') as string,
    })
    const undecodedThere = await skein(['upload', lost, '--whole', '-s', 'pieces', '--timeline', 'lost'])
    expect(undecodedThere).toMatchObject({
      exitCode: 3,
      err: expect.stringContaining('could not be decoded; U+FFFD stands in its place') as string,
    })
    const broken = join(folder, 'broken.jsonl')
    await writeFile(broken, '{"a":')
    const failed = await skein(['upload', broken, '--whole', ...words, '--json'])
    expect(failed.exitCode).toBe(65)
    const problems = [expect.stringContaining('expected a field with the time')]
    expect(JSON.parse(failed.out).files).toMatchObject([{ status: 'ready', has_failed: true, problems }])
    const never = join(folder, 'never.csv')
    await writeFile(never, 'datetime,message,timestamp_desc\nyesterday,m,d\n')
    const rejected = await skein(['upload', never, '--whole', '-s', 'pieces', '--json'])
    expect(rejected.exitCode).toBe(3)
    const why = [expect.stringMatching(/^0 out of 1 events imported\..*'bad-time'.*"yesterday"/)]
    expect(JSON.parse(rejected.out).files).toMatchObject([
      { status: 'fail', has_failed: true, problems: why },
    ])
    const whole = join(folder, 'whole.jsonl')
    await writeFile(whole, '{"datetime":"2024-06-01T00:00:00Z","message":"a","timestamp_desc":"Seen"}\n')
    for (const way of [[], ['--whole']])
      expect(await skein(['upload', whole, ...way, ...words])).toMatchObject({ exitCode: 0, err: '' })
  })
})
