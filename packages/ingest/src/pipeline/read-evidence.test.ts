import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { formatIsoTime, type Reject } from '@timeskein/model'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeZip } from '../containers/zip-fixture.ts'
import { readEvidence } from './read-evidence.ts'
import type { ReadAccount } from './read-item.ts'
import type { ReadOptions } from './read-options.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-read-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

interface Reading {
  readonly sources: string[]
  readonly times: string[]
  readonly lines: number[]
  readonly rejects: Reject[]
  readonly accounts: ReadAccount[]
  readonly refused: string[]
  readonly formats: string[]
  readonly fields: Set<string>
}

async function read(content: string | Uint8Array, options: ReadOptions = {}): Promise<Reading> {
  const path = join(folder, `${Math.random()}`)
  await writeFile(path, content)
  const result: Reading = {
    sources: [],
    times: [],
    lines: [],
    rejects: [],
    accounts: [],
    refused: [],
    formats: [],
    fields: new Set(),
  }
  for await (const item of readEvidence({ path, name: 'evidence' }, options)) {
    if (item.kind === 'batch') {
      const { source, timesUs, nanos, lines, rowCount, columns } = item.batch
      for (let row = 0; row < rowCount; row++) {
        result.sources.push(
          Buffer.from(source.bytes.subarray(source.offsets[row], source.offsets[row + 1])).toString(),
        )
        result.times.push(formatIsoTime(timesUs[row]!, nanos?.[row] ?? 0))
        result.lines.push(lines[row]!)
      }
      for (const column of columns) result.fields.add(column.field)
    } else if (item.kind === 'rejects') result.rejects.push(...item.rejects)
    else if (item.kind === 'end') result.accounts.push(item.account)
    else if (item.kind === 'refused') result.refused.push(`${item.path}: ${item.reason}`)
    else result.formats.push(item.format)
  }
  return result
}

const event = (i: number): string =>
  `{"datetime":"2024-01-01T00:00:${String(i % 60).padStart(2, '0')}Z","message":"m${i}"}`
const eventLines = (count: number): string =>
  Array.from({ length: count }, (_, i) => event(i)).join('\n') + '\n'

describe('readEvidence of JSON lines', () => {
  it('keeps each row to the byte, with its time and line', async () => {
    const rows = [
      '{"datetime":"2024-01-01T00:00:00.123456789Z", "a" : 1.0}',
      '{"datetime":"2024-01-02","a":1.0,"a":2}',
    ]
    const { sources, times, lines, accounts } = await read(`${rows[0]}\r\n\n  ${rows[1]}  `)
    expect(sources).toEqual(rows)
    expect(times).toEqual(['2024-01-01T00:00:00.123456789+00:00', '2024-01-02T00:00:00+00:00'])
    expect(lines).toEqual([1, 3])
    expect(accounts[0]).toMatchObject({ path: 'evidence', format: 'jsonl', read: 2, rejected: 0 })
  })

  it('rejects broken rows by line and reason and reads on', async () => {
    const text = [
      event(1),
      '{"datetime":"2024-01-01","x":tru}',
      '[1,2]',
      '"text"',
      '{"x":1}',
      '{"datetime":"soon"}',
      ...[2, 3, 4, 5].map(event),
      '{"datetime":"2024-01-01","y":"ab',
    ].join('\n')
    const { sources, rejects, accounts } = await read(text)
    expect(sources).toEqual([1, 2, 3, 4, 5].map(event))
    expect(rejects.map(({ line, reason }) => [line, reason])).toEqual([
      [2, 'bad-json'],
      [3, 'not-an-object'],
      [4, 'not-an-object'],
      [5, 'no-time'],
      [6, 'bad-time'],
      [11, 'truncated'],
    ])
    expect(rejects[0]!.raw).toBe('{"datetime":"2024-01-01","x":tru}')
    expect(rejects[0]!.detail).toBe('expected \'true\' at byte 33 of the row, found "}"')
    expect(accounts[0]!).toMatchObject({
      read: 11,
      rejected: 6,
      reasons: { 'bad-json': 1, 'not-an-object': 2 },
    })
  })

  it('gives the same rows and lines however small the stretches are', async () => {
    const text = eventLines(300).replace('m7"', 'm7\\n"') + '{"broken\n' + eventLines(20)
    const whole = await read(text)
    expect(whole.sources.length).toBe(320)
    for (const stretchBytes of [64, 100, 1000]) {
      const parts = await read(text, { stretchBytes })
      expect(parts.sources).toEqual(whole.sources)
      expect(parts.lines).toEqual(whole.lines)
      expect(parts.rejects).toEqual(whole.rejects)
    }
  })

  it('counts invalid UTF-8 and keeps the row with replacement characters', async () => {
    const bad = Buffer.concat([
      Buffer.from('{"datetime":"2024-01-01","m":"a'),
      Buffer.from([0xff]),
      Buffer.from('b"}\n'),
    ])
    const { sources } = await read(Buffer.concat([bad, Buffer.from(event(1))]))
    expect(sources).toEqual(['{"datetime":"2024-01-01","m":"a\ufffdb"}', event(1)])
  })

  it('makes one event of each time where that is asked for, and says which it is', async () => {
    const text = '{"datetime":"2024-01-01","modified_time":"2024-02-01","other":"x"}\n'
    const { sources, times } = await read(text.repeat(3), { times: 'all' })
    expect(times.slice(0, 2)).toEqual(['2024-01-01T00:00:00+00:00', '2024-02-01T00:00:00+00:00'])
    expect(sources.length).toBe(6)
    expect(JSON.parse(sources[1]!)).toMatchObject({ other: 'x', timestamp_desc: expect.any(String) })
  })
})

describe('readEvidence of JSON documents', () => {
  const documents = [
    { time: '2024-01-01T00:00:00Z', text: 'a "{" b', deep: { list: [1, { x: ']' }] } },
    { time: '2024-01-02T00:00:00Z' },
    { time: '2024-01-03T00:00:00Z', e: {} },
  ]
  const layouts: Record<string, string> = {
    'pretty-printed': documents.map((value) => JSON.stringify(value, null, 2)).join('\n'),
    concatenated: documents.map((value) => JSON.stringify(value, null, 1)).join(''),
    'an array': JSON.stringify(documents),
    'a pretty-printed array': JSON.stringify(documents, null, 4),
    'an object with records': JSON.stringify({ version: 1, Records: documents, after: { Records: [] } }),
    'several wrapped lists': `${JSON.stringify({ Records: documents.slice(0, 1) })}\n${JSON.stringify({ Records: documents.slice(1) })}\n`,
    'numbered records': documents
      .map((value, i) => `Record ${i + 1}\n${JSON.stringify(value, null, 2)}`)
      .join('\n'),
  }
  for (const [name, text] of Object.entries(layouts)) {
    it(`reads ${name}, in stretches of any size`, async () => {
      for (const stretchBytes of [16, 50, 1 << 20]) {
        const { sources, rejects, accounts } = await read(text, { stretchBytes })
        expect(rejects).toEqual([])
        expect(sources.map((source) => JSON.parse(source))).toEqual(documents)
        for (const source of sources) expect(text).toContain(source)
        expect(accounts[0]!.format).toBe('json')
      }
    })
  }

  it('loses only the broken document', async () => {
    const pretty = documents.map((value) => JSON.stringify(value, null, 2))
    const { sources, rejects } = await read(
      [pretty[0], '{\n  "time": "2024-01-01",\n  "cut": "of', pretty[1], '{\n "time":\n', pretty[2]].join(
        '\n',
      ),
    )
    expect(sources).toEqual([pretty[0], pretty[1]])
    expect(rejects.map(({ line, reason }) => [line, reason])).toEqual([
      [13, 'bad-json'],
      [19, 'truncated'],
    ])
  })

  it('says where a cut-off array ends', async () => {
    const text = JSON.stringify(documents).slice(0, -20)
    const { sources, rejects } = await read(text)
    expect(sources.length).toBe(2)
    expect(rejects.map(({ reason }) => reason)).toEqual(['truncated'])
  })

  it('flattens what evtx_dump writes to the names Sigma uses', async () => {
    const record = {
      Event: {
        '#attributes': { xmlns: 'x' },
        System: {
          Provider: { '#attributes': { Name: 'Sysmon' } },
          EventID: 1,
          TimeCreated: { '#attributes': { SystemTime: '2024-05-01T10:00:00.000001Z' } },
          Computer: 'PC',
        },
        EventData: { Image: 'C:\\a.exe' },
      },
    }
    const { sources, times, fields, formats } = await read(`Record 1\n${JSON.stringify(record, null, 2)}\n`)
    expect(formats).toEqual(['json/evtx-dump'])
    expect(JSON.parse(sources[0]!)).toMatchObject({ EventID: 1, Image: 'C:\\a.exe', Computer: 'PC' })
    expect([...fields]).toContain('Image')
    expect(times).toEqual(['2024-05-01T10:00:00.000001+00:00'])
  })
})

describe('readEvidence of CSV', () => {
  const header = 'datetime,timestamp_desc,message,extra\n'

  it('makes a JSON object of each row without its empty cells', async () => {
    const text = `${header}2024-01-01 10:00:00,Logged,"say ""hi"",\nplease",\n2024-01-02 10:00:00,Logged,tab\there\\,=1+1\n`
    const { sources, lines, formats, fields } = await read(text)
    expect(formats[0]).toMatch(/^csv/)
    expect(sources).toEqual([
      '{"datetime":"2024-01-01 10:00:00","timestamp_desc":"Logged","message":"say \\"hi\\",\\nplease"}',
      '{"datetime":"2024-01-02 10:00:00","timestamp_desc":"Logged","message":"tab\\there\\\\","extra":"=1+1"}',
    ])
    expect(lines).toEqual([2, 4])
    expect([...fields].sort()).toEqual(['datetime', 'extra', 'message', 'timestamp_desc'])
  })

  it('rejects rows of another width and undated ones, with their lines, in stretches of any size', async () => {
    const row = (i: number): string =>
      `2024-01-01 10:00:${String(i % 60).padStart(2, '0')},Logged,"line one\nline two ${i}",x\n`
    const text =
      header + Array.from({ length: 50 }, (_, i) => row(i)).join('') + 'a,b\nsoon,Logged,m,x\n' + row(1)
    const whole = await read(text)
    expect(whole.sources.length).toBe(51)
    expect(whole.rejects.map(({ line, reason, raw }) => [line, reason, raw])).toEqual([
      [102, 'wrong-column-count', 'a,b'],
      [103, 'bad-time', 'soon,Logged,m,x'],
    ])
    for (const stretchBytes of [128, 500]) {
      const parts = await read(text, { stretchBytes })
      expect(parts.sources).toEqual(whole.sources)
      expect(parts.lines).toEqual(whole.lines)
      expect(parts.rejects).toEqual(whole.rejects)
    }
  })

  it('reads UTF-16 with and without a mark, and Windows-1252 as declared', async () => {
    const text = `${header}2024-01-01 10:00:00,Logged,größer,x\n2024-01-02 10:00:00,Logged,日本,x\n`
    const little = Buffer.from(text, 'utf16le')
    const big = Buffer.from(little).swap16()
    for (const content of [
      little,
      Buffer.concat([Buffer.from([0xff, 0xfe]), little]),
      big,
      Buffer.concat([Buffer.from([0xfe, 0xff]), big]),
      `\ufeff${text}`,
    ]) {
      const { sources } = await read(content)
      expect(sources.map((source) => JSON.parse(source).message)).toEqual(['größer', '日本'])
    }
    const western = Buffer.from(
      `${header}2024-01-01 10:00:00,Logged,gr\xf6\xdfer,x\n2024-01-01 10:00:00,Logged,b,x\n`,
      'latin1',
    )
    expect(JSON.parse((await read(western, { encoding: 'windows-1252' })).sources[0]!).message).toBe('größer')
  })

  it.each([
    ['windows-1251', 'Вход', [0xc2, 0xf5, 0xee, 0xe4]],
    ['koi8-r', 'Вход', [0xf7, 0xc8, 0xcf, 0xc4]],
    // The second byte of the first character is a backslash in ASCII.
    ['Shift_JIS', 'ソ表', [0x83, 0x5c, 0x95, 0x5c]],
    ['gbk', '登录', [0xb5, 0xc7, 0xc2, 0xbc]],
  ])('of %s, where that is declared', async (encoding, message, bytes) => {
    const content = Buffer.concat([
      Buffer.from(`${header}2024-01-01 10:00:00,Logged,`),
      Buffer.from(bytes),
      Buffer.from(',x\n'),
    ])
    expect(JSON.parse((await read(content, { encoding })).sources[0]!).message).toBe(message)
  })

  it('of no such name, which is refused', async () => {
    await expect(read(`${header}2024-01-01 10:00:00,Logged,a,x\n`, { encoding: 'utf-9' })).rejects.toThrow(
      'expected the name of an encoding, such as',
    )
  })
})

describe('readEvidence of a header alone', () => {
  it('says that there are no rows', async () => {
    for (const text of ['when,who,what\n', 'when,who,what', 'when,who,what\r\n\r\n']) {
      await expect(read(text)).rejects.toThrow(
        'found a header and no rows (3 columns: "when", "who", "what")',
      )
    }
    await expect(read('who,what\nme,something\n')).rejects.toThrow('found none that looks like one')
  })
})

describe('readEvidence of a text whose first row is longer than the sample', () => {
  const long = 'x'.repeat(1_100_000)

  it('reads JSON lines', async () => {
    for (const size of [1, 5]) {
      const first = `{"datetime":"2024-01-01T00:00:00Z","message":"${long.repeat(size)}"}`
      const { sources, rejects, formats } = await read(`${first}\n${eventLines(5)}`)
      expect(formats[0]).toMatch(/^jsonl/)
      expect(rejects).toEqual([])
      expect(sources).toHaveLength(6)
      expect(sources[0]).toBe(first)
    }
  })

  it('reads CSV, with lines in the long cell too', async () => {
    for (const cell of [long, `"${'line\n'.repeat(300_000)}"`]) {
      const { sources, rejects } = await read(
        `when,what\n2024-01-01 10:00:00,${cell}\n2024-01-02 10:00:00,short\n`,
      )
      expect(rejects).toEqual([])
      expect(sources).toHaveLength(2)
      expect(JSON.parse(sources[1]!)).toEqual({ when: '2024-01-02 10:00:00', what: 'short' })
    }
  })

  it('refuses what is no text without rows either', async () => {
    await expect(read(long)).rejects.toThrow('something that begins with "xxx')
  })
})

describe('readEvidence of containers', () => {
  it('reads gzip of several members and zstd of several frames', async () => {
    const [one, two] = [eventLines(10), eventLines(5)]
    for (const content of [
      Buffer.concat([gzipSync(one), gzipSync(two)]),
      Buffer.concat([zstdCompressSync(one), zstdCompressSync(two)]),
    ]) {
      const { sources, accounts } = await read(content)
      expect(sources.length).toBe(15)
      expect(accounts[0]!.sha256).toBe(createHash('sha256').update(content).digest('hex'))
    }
  })

  it('reads what a cut-off archive still has and says so', async () => {
    const text = Array.from(
      { length: 20_000 },
      (_, i) =>
        `{"datetime":"2024-01-01T00:00:00Z","id":"${createHash('md5').update(String(i)).digest('hex')}"}`,
    ).join('\n')
    for (const packed of [
      gzipSync(text),
      zstdCompressSync(text),
      makeZip([{ name: 'a.jsonl', content: Buffer.from(text) }]),
    ]) {
      const { sources, accounts, rejects } = await read(packed.subarray(0, packed.length / 2))
      expect(sources.length).toBeGreaterThan(5_000)
      expect(sources.length).toBeLessThan(15_000)
      expect(rejects.at(-1)!.reason).toBe('truncated')
      expect(accounts[0]!.reasons).toEqual({ truncated: 1 })
    }
  })

  it('reads every row of gzip data that garbage follows, and says so', async () => {
    for (const count of [5, 20_000]) {
      const packed = gzipSync(eventLines(count))
      for (const tail of ['garbage', '\x1f', '\x1f\x8bgarbage', '\x1f\x8b\x08\0garbage and more']) {
        const { sources, rejects } = await read(Buffer.concat([packed, Buffer.from(tail, 'latin1')]))
        expect(sources).toHaveLength(count)
        expect(rejects.map(({ reason }) => reason)).toEqual(['truncated'])
        expect(rejects[0]!.detail).toContain('the gzip data are cut off or damaged after')
      }
    }
    const padded = await read(Buffer.concat([gzipSync(eventLines(5)), Buffer.alloc(600)]))
    expect([padded.sources.length, padded.rejects]).toEqual([5, []])
  })

  it('tells of gzip data with another checksum or without any', async () => {
    const packed = gzipSync(eventLines(5))
    const other = Buffer.from(packed)
    other.writeUInt32LE(0xbad, other.length - 8)
    for (const content of [other, packed.subarray(0, -8), packed.subarray(0, -1)]) {
      const { sources, rejects } = await read(content)
      expect(sources).toHaveLength(5)
      expect(rejects.map(({ reason }) => reason)).toEqual(['truncated'])
    }
  })

  it('says that an archive is cut off when nothing could be unpacked', async () => {
    const packed = zstdCompressSync(eventLines(50))
    for (const content of [packed.subarray(0, 20), gzipSync(eventLines(50)).subarray(0, 12)]) {
      await expect(read(content)).rejects.toThrow(
        /an archive of which nothing could be unpacked: the (gzip|zstd) data are cut off or damaged after \d+ packed bytes/,
      )
    }
  })

  it('reads zip archives entry by entry, gzip entries too, and names what it refuses', async () => {
    const content = Buffer.from(eventLines(3))
    const { accounts, refused } = await read(
      makeZip([
        { name: 'logs/a.jsonl', content },
        { name: '../../etc/passwd', content },
        { name: '/abs', content },
        { name: 'secret.jsonl', content, isEncrypted: true },
        { name: 'strange.jsonl', content, method: 97 },
        { name: 'b.gz', content: gzipSync(content), method: 0 },
        { name: 'inner.zip', content: makeZip([{ name: 'x', content }]) },
        { name: 'readme.pdf', content: Buffer.from('%PDF-1.7 nothing to see') },
        { name: 'empty/', content: Buffer.alloc(0) },
      ]),
    )
    expect(accounts.map(({ path, read: rows }) => [path, rows])).toEqual([
      ['evidence!logs/a.jsonl', 3],
      ['evidence!b.gz', 3],
      ['evidence!inner.zip!x', 3],
    ])
    expect(refused.map((line) => /^evidence!([^:]*): /.exec(line)![1])).toEqual([
      '../../etc/passwd',
      '/abs',
      'secret.jsonl',
      'strange.jsonl',
      'readme.pdf',
    ])
    expect(refused.join('\n')).toMatch(/encrypted[\s\S]*method 97[\s\S]*a PDF document/)
  })

  it('gives each entry of an archive the SHA-256 of its own bytes, and names the archive beside', async () => {
    const [a, b, noise] = [Buffer.from(eventLines(3)), gzipSync(eventLines(4)), Buffer.from('%PDF-1.7 x')]
    const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
    const zip = makeZip([
      { name: 'a.jsonl', content: a },
      { name: 'noise', content: noise },
      { name: 'b.jsonl.gz', content: b, method: 0 },
    ])
    const { accounts } = await read(zip)
    const archive = { path: 'evidence', sha256: hash(zip) }
    expect(accounts.map(({ sha256, archive }) => ({ sha256, archive }))).toEqual([
      { sha256: hash(a), archive },
      { sha256: hash(b), archive },
    ])
    const cutOff = await read(zip.subarray(0, -30))
    expect(cutOff.accounts.map(({ sha256 }) => sha256)).toEqual([hash(a), hash(b)])
  })

  it('tells of empty entries, and reads what stands in one that is called empty or a folder', async () => {
    const content = Buffer.from(eventLines(3))
    const zip = makeZip([
      { name: 'folder/', content: Buffer.alloc(0), method: 0 },
      { name: 'emptied.log', content: Buffer.alloc(0), method: 0 },
      { name: 'deflated.log', content: Buffer.alloc(0) },
      { name: 'hidden/', content },
      { name: 'small.jsonl', content, sizeBytes: 0 },
    ])
    for (const archive of [zip, zip.subarray(0, -30)]) {
      const { accounts, refused } = await read(archive)
      expect(accounts.map(({ path, read: rows }) => [path, rows])).toEqual([
        ['evidence!hidden/', 3],
        ['evidence!small.jsonl', 3],
      ])
      expect(refused.slice(0, 2)).toEqual([
        'evidence!emptied.log: it is empty',
        'evidence!deflated.log: it is empty',
      ])
    }
  })

  it('tells of an entry of an archive that is not what was packed', async () => {
    const content = Buffer.from(eventLines(3))
    for (const method of [0, 8]) {
      const { sources, rejects, accounts } = await read(
        makeZip([
          { name: 'a.jsonl', content, method, checksum: 0xbad },
          { name: 'b.jsonl', content, method },
        ]),
      )
      expect(sources).toHaveLength(6)
      expect(rejects).toHaveLength(1)
      expect(rejects[0]).toMatchObject({ reason: 'truncated' })
      expect(rejects[0]!.detail).toContain('expected the CRC-32 00000bad, found ')
      expect(accounts.map(({ reasons }) => reasons)).toEqual([{ truncated: 1 }, {}])
    }
  })

  it('stops at a bomb', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024, 0x20))
    const twice = gzipSync(bomb)
    await expect(read(Buffer.concat([gzipSync(eventLines(2)), bomb]))).rejects.toThrow(/MAX_UNPACKING_RATIO/)
    await expect(
      read(makeZip([{ name: 'a.gz', content: Buffer.concat([gzipSync(eventLines(2)), bomb]) }])),
    ).rejects.toThrow(/MAX_UNPACKING_RATIO/)
    await expect(read(gzipSync(twice))).rejects.toThrow(/MAX_UNPACKING_RATIO/)
    const nested = Array.from({ length: 5 }).reduce<Buffer>(
      (inner) => gzipSync(inner),
      gzipSync(eventLines(1)),
    )
    await expect(read(nested)).rejects.toThrow(/MAX_CONTAINER_DEPTH/)
  })

  it('reads a stream, zip included', async () => {
    async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < bytes.length; at += 50) yield bytes.subarray(at, at + 50)
    }
    for (const content of [
      Buffer.from(eventLines(5)),
      makeZip([{ name: 'a', content: Buffer.from(eventLines(5)) }]),
    ]) {
      let rows = 0
      for await (const item of readEvidence({ stream: chunks(content), name: '-' })) {
        if (item.kind === 'batch') rows += item.batch.rowCount
        if (item.kind === 'end') {
          const { sha256, archive } = item.account
          expect((archive ?? { sha256 }).sha256).toBe(createHash('sha256').update(content).digest('hex'))
        }
      }
      expect(rows).toBe(5)
    }
  })
})

describe('readEvidence of what it cannot read', () => {
  const cases: readonly (readonly [string, Uint8Array | string, RegExp])[] = [
    [
      'an ESE database',
      Buffer.from('0000000000efcdab89'.slice(2), 'hex'),
      /found an ESE database, which this version does not read/,
    ],
    ['an SQLite database', Buffer.from('SQLite format 3\0'), /an SQLite database/],
    ['an empty file', '', /an empty file/],
    [
      'random bytes',
      Buffer.from(Array.from({ length: 500 }, (_, i) => (i * 37) & 0xff)),
      /begins with "\\x00%Jo/,
    ],
    ['prose', 'Dear Sir,\nplease find attached what I found.\nYours\n', /begins with "Dear Sir/],
    ['an empty zip archive', makeZip([]), /nothing that can be read/],
  ]
  for (const [name, content, message] of cases) {
    it(`says what ${name} is`, async () => {
      await expect(read(content)).rejects.toThrow(message)
    })
  }

  it('asks for the time where no field is one', async () => {
    await expect(read('a,b\n1,x\n2,y\n3,z\n')).rejects.toThrow(/--map time=/)
  })

  it('says when there is no file', async () => {
    const reading = readEvidence({ path: join(folder, 'missing') })
    await expect(reading.next()).rejects.toThrow(/there is no such file/)
  })

  it('survives damaged archives of every length', async () => {
    const packed = [
      gzipSync(eventLines(20)),
      zstdCompressSync(eventLines(20)),
      makeZip([{ name: 'a', content: Buffer.from(eventLines(20)) }]),
      deflateRawSync(eventLines(3)),
    ]
    for (const content of packed) {
      for (let length = 1; length < content.length; length += 7) {
        await read(content.subarray(0, length)).catch((error: unknown) => {
          expect((error as Error).name).toMatch(/^(UnknownFormatError|MappingError)$/)
        })
        const damaged = Buffer.from(content)
        damaged[length]! ^= 0x55
        await read(damaged).catch((error: unknown) => {
          expect((error as Error).name).toMatch(/^(UnknownFormatError|MappingError)$/)
        })
      }
    }
  })
})
