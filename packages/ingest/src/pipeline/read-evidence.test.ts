import { Buffer } from 'node:buffer'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { makeZip } from '../containers/zip-fixture.ts'
import { readEvidence } from './read-evidence.ts'
import { event, eventLines, readBytes as read } from './testing/read-bytes.ts'

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
    await expect(read('a,b\n1,x\n2,y\n3,z\n')).rejects.toThrow(/option "map" time=/)
  })

  it('says when there is no file', async () => {
    const reading = readEvidence({ path: join(tmpdir(), 'skein-nothing', 'missing') })
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
