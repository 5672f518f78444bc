import { Buffer } from 'node:buffer'
import { describe, expect, it, test } from 'vitest'
import { readEvidence } from '../pipeline/read-evidence.ts'
import type { ReadOptions } from '../pipeline/read-options.ts'
import { parseTagText } from './row-tags.ts'

test.each([
  ['', []],
  ['-', []],
  ['[]', []],
  ['one', ['one']],
  ['one,two', ['one', 'two']],
  ['one, two,,one', ['one', 'two']],
  ['["a, b", "c", 7]', ['a, b', 'c', '7']],
  ["['a', 'b']", ['a', 'b']],
  ['[half', ['[half']],
])('the text %j has the tags %j', (text, tags) => {
  expect(parseTagText(text)).toEqual(tags)
})

describe('tags that stand in one text', () => {
  const cells = (tag: string) => `m,2024-01-01T00:00:00Z,x,${tag}`
  const table = (...tags: string[]) => `message,datetime,timestamp_desc,tag\n${tags.map(cells).join('\n')}\n`

  it('are a list in the source and in the columns of tables made for Timesketch', async () => {
    expect(await read(table('"a,b"', '-', '', '"[""c""]"'))).toEqual([
      { source: ['a', 'b'], values: ['a', 'b'] },
      { source: [], values: [] },
      { source: undefined, values: [] },
      { source: ['c'], values: ['c'] },
    ])
  })

  it('are one in events made of such a table; a list stays as it is', async () => {
    const event = { message: 'm', datetime: '2024-01-01T00:00:00Z', timestamp_desc: 'x' }
    const lines = ['a,b', ['a,b'], null, 7, ['x', 'y']].map((tag) => JSON.stringify({ ...event, tag }))
    const nested = JSON.stringify({ ...event, other: { tag: 'p,q' }, tag: 'r,s' })
    expect(await read([...lines, nested].join('\n'))).toEqual([
      { source: ['a', 'b'], values: ['a', 'b'] },
      { source: ['a,b'], values: ['a,b'] },
      { source: null, values: [] },
      { source: 7, values: [] },
      { source: ['x', 'y'], values: ['x', 'y'] },
      { source: ['r', 's'], values: ['r', 's'] },
    ])
    const spelt = JSON.stringify({ ...event, other: { tag: 'p,q' } }).replace(/}$/, ',"t\\u0061g":"r,s"}')
    expect(await read(spelt)).toEqual([{ source: ['r', 's'], values: ['r', 's'] }])
  })

  it('are one in each event of a row of several times', async () => {
    const text =
      'message,datetime,timestamp_desc,tag,seen\nm,2024-01-01T00:00:00Z,x,"a,b",2024-01-02T00:00:00Z\n'
    const tags = { source: ['a', 'b'], values: ['a', 'b'] }
    expect(await read(text, { times: 'all' })).toEqual([tags, tags])
  })

  it('stay what they are where the field is no list of tags', async () => {
    const log =
      '{"time":"2024-01-01T00:00:00Z","tag":"docker,a"}\n{"time":"2024-01-01T00:00:01Z","tag":"-"}\n'
    expect((await read(log)).map(({ source }) => source)).toEqual(['docker,a', '-'])
  })
})

interface Tags {
  readonly source: unknown
  /** Texts in the columns. */
  readonly values: readonly string[]
}

async function read(text: string, options: ReadOptions = {}): Promise<Tags[]> {
  async function* stream(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text)
  }
  const found: Tags[] = []
  for await (const item of readEvidence({ stream: stream(), name: 'evidence' }, options)) {
    if (item.kind !== 'batch') continue
    const { source, rowCount, columns } = item.batch
    for (let row = 0; row < rowCount; row++) {
      const json = Buffer.from(source.bytes.subarray(source.offsets[row], source.offsets[row + 1])).toString()
      const values: string[] = []
      for (const column of columns) {
        if (column.field !== 'tag' || column.values.kind !== 'string') continue
        const { bytes, offsets } = column.values
        column.rows.forEach((owner, entry) => {
          if (owner === row)
            values.push(Buffer.from(bytes.subarray(offsets[entry], offsets[entry + 1])).toString())
        })
      }
      found.push({ source: (JSON.parse(json) as { tag?: unknown }).tag, values })
    }
  }
  return found
}
