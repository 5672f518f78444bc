import { Buffer } from 'node:buffer'
import type { EventBatch } from '@timeskein/model'
import { describe, expect, it } from 'vitest'
import { previewEvidence } from '../pipeline/preview-evidence.ts'
import { readEvidence } from '../pipeline/read-evidence.ts'
import type { ReadOptions } from '../pipeline/read-options.ts'

const MAP = { time: 'when', message: 'host+what' } as const

describe('a field that is joined of others', () => {
  it('has Timesketch’s form, in the source and in the columns, for tables and JSON alike', async () => {
    const joined = { source: 'host:web1 | what:logon | ', values: ['host:web1 | what:logon | '] }
    expect(await read('when,host,what\n2024-01-01T00:00:00Z,web1,logon\n', { map: MAP })).toEqual([joined])
    const record = { when: '2024-01-01T00:00:00Z', host: 'web1', what: 'logon' }
    expect(await read(`${JSON.stringify(record)}\n`, { map: MAP })).toEqual([joined])
    expect(await read(JSON.stringify([record]), { map: MAP })).toEqual([joined])
  })

  it('is made of every row of many, also of those after one that is rejected', async () => {
    const rows = Array.from({ length: 3000 }, (_, row) =>
      row === 7 ? 'never,web7,x' : `2024-01-01T00:00:00Z,web${row},"say ""${row}"""`,
    )
    const found = await read(`when,host,what\n${rows.join('\n')}\n`, { map: MAP, maxRows: 1000 })
    expect(found).toHaveLength(2999)
    expect(found[2998]).toEqual({
      source: 'host:web2999 | what:say "2999" | ',
      values: ['host:web2999 | what:say "2999" | '],
    })
  })

  it('leaves out what says nothing, and is not there where nothing is left', async () => {
    const text =
      'when,host,what\n2024-01-01T00:00:00Z,,logon\n2024-01-01T00:00:00Z,web1,\n2024-01-01T00:00:00Z,,\n'
    expect(await readSources(text)).toEqual(['what:logon | ', 'host:web1 | ', undefined])
    const records = [{ host: null, what: 'logon' }, { what: '' }, { host: 'web1', what: 'logon' }]
    expect(await readSources(toLines(records))).toEqual([
      'what:logon | ',
      undefined,
      'host:web1 | what:logon | ',
    ])
  })

  it('has numbers, lists and objects as they are written in JSON', async () => {
    const lines = [
      '{"when":"2024-01-01T00:00:00Z","host":12345678901234567890,"what":1.0}',
      '{"when":"2024-01-01T00:00:00Z","host":["a","b"],"what":{"x":1}}',
      '{"when":"2024-01-01T00:00:00Z","host":true,"what":0}',
    ]
    expect(await readSources(lines.join('\n'))).toEqual([
      'host:12345678901234567890 | what:1.0 | ',
      'host:["a","b"] | what:{"x":1} | ',
      'host:true | what:0 | ',
    ])
  })

  it('finds fields in objects, in lists of them, and under names with dots', async () => {
    const lines = [
      '{"when":"2024-01-01T00:00:00Z","host":{"name":"web1"},"acts":[{"id":1},{"id":"b"}]}',
      '{"when":"2024-01-01T00:00:00Z","host.name":"web2","acts":[{"id":3}]}',
    ]
    const map = { time: 'when', message: 'host.name+acts.id' }
    expect((await read(lines.join('\n'), { map })).map(({ source }) => source)).toEqual([
      'host.name:web1 | acts.id:[1,"b"] | ',
      'host.name:web2 | acts.id:3 | ',
    ])
  })

  it('does not take the place of a value that the row has itself', async () => {
    const records = [
      { host: 'a', what: 'b', message: 'own' },
      { host: 'a', what: 'b', message: '' },
      { host: 'a', what: 'b', message: null },
    ]
    expect(await read(toLines(records), { map: MAP })).toEqual([
      { source: 'own', values: ['own'] },
      { source: 'host:a | what:b | ', values: ['host:a | what:b | '] },
      { source: 'host:a | what:b | ', values: ['host:a | what:b | '] },
    ])
  })

  it('is in each event of a row of several times, where the row’s own description is joined, too', async () => {
    const text = 'when,host,what,seen\n2024-01-01T00:00:00Z,web1,logon,2024-01-02T00:00:00Z\n'
    const map = { ...MAP, timestamp_desc: 'what+host' }
    const joined = { source: 'host:web1 | what:logon | ', values: ['host:web1 | what:logon | '] }
    expect(await read(text, { map, times: 'all' })).toEqual([joined, joined])
    expect((await read(text, { map, times: 'all' }, 'timestamp_desc')).map(({ values }) => values)).toEqual([
      ['what:logon | host:web1 | '],
      ['seen'],
    ])
  })

  it('is joined of the tags as they stand, and can be a tag', async () => {
    const text = 'message,datetime,timestamp_desc,tag,user\nm,2024-01-01T00:00:00Z,x,"a,b",ana\n'
    expect(await read(text, { map: { note: 'tag+user' } }, 'note')).toMatchObject([
      { source: 'tag:a,b | user:ana | ' },
    ])
    expect(await read(text, { map: { note: 'tag+user' } }, 'tag')).toMatchObject([{ source: ['a', 'b'] }])
    const plain = 'message,datetime,timestamp_desc,host,user\nm,2024-01-01T00:00:00Z,x,web1,ana\n'
    expect(await read(plain, { map: { tag: 'host+user' } }, 'tag')).toEqual([
      { source: ['host:web1 | user:ana |'], values: ['host:web1 | user:ana |'] },
    ])
  })

  it('is told before an import', async () => {
    const bytes = Buffer.from('when,host,what\n2024-01-01T00:00:00Z,web1,logon\n')
    const { files } = await previewEvidence({ stream: streamOf(bytes), name: 'x.csv' }, { map: MAP })
    expect(files[0]?.mapping.reason).toContain('"message" is joined of "host", "what", as asked')
    expect(files[0]?.rows[0]).toMatchObject({ message: 'host:web1 | what:logon | ' })
  })

  it('can be asked of formats that have their own fields', async () => {
    const line = 'Mar  1 10:00:00 web1 sshd[77]: Failed password for root\n'
    const [event] = await read(line, { map: { note: 'hostname+pid' }, year: 2024 }, 'note')
    expect(event).toEqual({ source: 'hostname:web1 | pid:77 | ', values: ['hostname:web1 | pid:77 | '] })
  })
})

function toLines(records: readonly object[]): string {
  return records.map((record) => JSON.stringify({ when: '2024-01-01T00:00:00Z', ...record })).join('\n')
}

async function readSources(text: string): Promise<readonly unknown[]> {
  return (await read(text, { map: MAP })).map(({ source }) => source)
}

async function* streamOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

interface Joined {
  readonly source: unknown
  /** Texts in the columns. */
  readonly values: readonly string[]
}

/** The field of each event, as its source and its columns have it. */
async function read(text: string, options: ReadOptions, field = 'message'): Promise<Joined[]> {
  const found: Joined[] = []
  const input = { stream: streamOf(Buffer.from(text)), name: 'evidence' }
  for await (const item of readEvidence(input, options))
    if (item.kind === 'batch') found.push(...listField(item.batch, field))
  return found
}

function listField({ source, rowCount, columns }: EventBatch, field: string): Joined[] {
  return Array.from({ length: rowCount }, (_, row) => {
    const json = Buffer.from(source.bytes.subarray(source.offsets[row], source.offsets[row + 1])).toString()
    const values: string[] = []
    for (const column of columns) {
      if (column.field !== field || column.values.kind !== 'string') continue
      const { bytes, offsets } = column.values
      column.rows.forEach((owner, entry) => {
        if (owner === row)
          values.push(Buffer.from(bytes.subarray(offsets[entry], offsets[entry + 1])).toString())
      })
    }
    return { source: (JSON.parse(json) as Record<string, unknown>)[field], values }
  })
}
