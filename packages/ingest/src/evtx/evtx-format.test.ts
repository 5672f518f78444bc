import { Buffer } from 'node:buffer'
import { gzipSync } from 'node:zlib'
import { formatIsoTime, type Reject } from '@timeskein/model'
import { describe, expect, it } from 'vitest'
import { ChunkSource, PeekableSource } from '../containers/byte-source.ts'
import { makeZip } from '../containers/zip-fixture.ts'
import { readEvidence } from '../pipeline/read-evidence.ts'
import type { ReadOptions } from '../pipeline/read-options.ts'
import { VALUE } from './binxml/value-types.ts'
import { EVTX_FORMAT } from './evtx-format.ts'
import { CHUNK_BYTES, FILE_HEADER_BYTES } from './limits.ts'
import {
  ChunkWriter,
  type ElementSpec,
  type FragmentSpec,
  makeChunks,
  makeLog,
  sealChunk,
  sealHeader,
} from './testing/evtx-writer.ts'
import { hashGuid, makeRecord, namedData, processData, slot } from './testing/sample-events.ts'
import { fragment, text } from './testing/values.ts'

interface Outcome {
  readonly rows: Record<string, unknown>[]
  readonly times: string[]
  readonly lines: number[]
  readonly rejects: Reject[]
  readonly remarks: string[]
  readonly counts: { read: number; rejected: number }
  readonly formats: string[]
}

async function read(content: Uint8Array, options: ReadOptions = {}): Promise<Outcome> {
  const found: Outcome = {
    rows: [],
    times: [],
    lines: [],
    rejects: [],
    remarks: [],
    counts: { read: 0, rejected: 0 },
    formats: [],
  }
  const stream = (async function* () {
    yield content
  })()
  for await (const item of readEvidence({ stream, name: 'log' }, options)) {
    if (item.kind === 'file') found.formats.push(item.format)
    else if (item.kind === 'rejects') found.rejects.push(...item.rejects)
    else if (item.kind === 'end') {
      found.remarks.push(...item.remarks)
      found.counts.read += item.account.read
      found.counts.rejected += item.account.rejected
    } else if (item.kind === 'batch') {
      const { source, rowCount, timesUs, nanos, lines } = item.batch
      for (let row = 0; row < rowCount; row++) {
        const json = Buffer.from(source.bytes.subarray(source.offsets[row], source.offsets[row + 1]))
        found.rows.push(JSON.parse(json.toString()))
        found.times.push(formatIsoTime(timesUs[row]!, nanos?.[row] ?? 0))
        found.lines.push(lines[row]!)
      }
    }
  }
  expect(found.counts).toEqual({
    read: found.rows.length + found.rejects.length,
    rejected: found.rejects.length,
  })
  return found
}

/** Chunks of so many records with ids from 1. */
function makeSome(count: number): Buffer[] {
  return makeChunks(Array.from({ length: count }, (_, i) => makeRecord({ id: i + 1, data: processData(i) })))
}

function findRecord(chunk: Buffer, place: number): number {
  let at = 512
  for (let i = 0; i < place; i++) at += chunk.readUInt32LE(at + 4)
  return at
}

/** The same, cut to one chunk. */
function makeOne(count: number): Buffer {
  const chunks = makeSome(count)
  expect(chunks).toHaveLength(1)
  return chunks[0]!
}

const idsOf = ({ rows }: Outcome): unknown[] => rows.map((row) => row['EventRecordID'])
const upTo = (last: number, except: readonly number[] = []): number[] =>
  Array.from({ length: last }, (_, i) => i + 1).filter((id) => !except.includes(id))

describe('event logs', () => {
  it('are read whole, with 100 ns digits and record numbers, in pieces of any size', async () => {
    const log = makeLog(makeSome(300))
    for (const stretchBytes of [1, CHUNK_BYTES * 2, 1 << 24]) {
      const outcome = await read(log, { stretchBytes })
      expect(outcome.formats).toEqual(['evtx'])
      expect(idsOf(outcome)).toEqual(upTo(300))
      expect(outcome.lines).toEqual(upTo(300))
      expect(outcome.times[0]).toBe('2026-03-01T10:00:00.123456700+00:00')
      expect(outcome).toMatchObject({ rejects: [], remarks: [] })
    }
  })

  it('are found by content, also inside of archives', async () => {
    const log = makeLog([makeOne(3)])
    expect(idsOf(await read(gzipSync(log)))).toEqual(upTo(3))
    const outcome = await read(
      makeZip([
        { name: 'a/Security', content: log },
        { name: 'b.evtx.gz', content: gzipSync(log), method: 0 },
      ]),
    )
    expect(idsOf(outcome)).toEqual([...upTo(3), ...upTo(3)])
  })

  it('without records have none', async () => {
    expect(await read(makeLog([]))).toMatchObject({ rows: [], rejects: [], remarks: [] })
    expect(await read(makeLog([Buffer.alloc(CHUNK_BYTES)]))).toMatchObject({
      rows: [],
      rejects: [],
      remarks: [],
    })
  })

  it('take the time of the record where the event has none', async () => {
    const event: FragmentSpec = {
      elements: [
        { name: 'Event', content: [{ name: 'System', content: [{ name: 'EventID', content: ['7'] }] }] },
      ],
    }
    const { written } = makeRecord({ id: 1 })
    const outcome = await read(makeLog(makeChunks([{ id: 1, written, event }])))
    expect(outcome.times).toEqual(['2026-03-01T10:00:00.123456700+00:00'])
    expect(outcome.rows[0]).toMatchObject({ EventID: 7, timestamp_desc: 'Content Modification Time' })
  })

  it('have one event for each time on request', async () => {
    const times = { time: '2026-03-01T10:00:00Z', writtenTime: '2026-03-01T11:00:00Z' }
    const data = namedData({ CreationUtcTime: text('2026-02-01 09:00:00.123') })
    const outcome = await read(makeLog(makeChunks([makeRecord({ id: 1, ...times, data })])), { times: 'all' })
    expect(outcome.times).toEqual([
      '2026-03-01T10:00:00+00:00',
      '2026-03-01T11:00:00+00:00',
      '2026-02-01T09:00:00.123000+00:00',
    ])
    expect(outcome.rows[2]).toMatchObject({ timestamp_desc: 'File Creation Time' })
    expect(outcome.rows[1]).toMatchObject({ timestamp_desc: 'Content Modification Time' })
  })
})

describe('damaged event logs', () => {
  it('are read though checksums are wrong and the header is old, and it is told', async () => {
    const chunk = makeOne(5)
    chunk.writeUInt32LE(1, 52)
    const outcome = await read(makeLog([chunk], true))
    expect(idsOf(outcome)).toEqual(upTo(5))
    expect(outcome.remarks).toEqual([
      expect.stringMatching(/not closed/),
      expect.stringMatching(/header of 1 chunk \(at 4096\) has a wrong checksum/),
      expect.stringMatching(/records of 1 chunk \(at 4096\) have a wrong checksum/),
    ])
  })

  it('are read though the file has lost its header, whole or its magic', async () => {
    const chunk = makeOne(5)
    const log = makeLog([chunk])
    log[0] = 0
    const outcomes = [await read(log), await read(chunk)]
    for (const outcome of outcomes) {
      expect(idsOf(outcome)).toEqual(upTo(5))
      expect(outcome.remarks).toEqual([expect.stringMatching(/no header of an event log/)])
    }
  })

  it('tell which record cannot be read, where it is and why, with its bytes', async () => {
    const chunk = makeOne(5)
    const at = findRecord(chunk, 2)
    chunk[at + 24] = 0x3f
    sealChunk(chunk)
    const outcome = await read(makeLog([chunk]))
    expect(idsOf(outcome)).toEqual(upTo(5, [3]))
    const [reject] = outcome.rejects
    const offset = FILE_HEADER_BYTES + at
    expect(reject).toMatchObject({ line: 3, reason: 'bad-record' })
    expect(reject!.detail).toContain(`record 3 at offset ${offset}`)
    const raw = JSON.parse(reject!.raw)
    expect(raw).toMatchObject({ record: 3, offset, size: chunk.readUInt32LE(at + 4) })
    expect(Buffer.from(raw.bytes, 'base64').subarray(0, 4).toString('hex')).toBe('2a2a0000')
  })

  it('go on behind bytes that are no record', async () => {
    const chunk = makeOne(6)
    chunk.fill(0xaa, findRecord(chunk, 2), findRecord(chunk, 4) - 1)
    sealChunk(chunk)
    const outcome = await read(makeLog([chunk]))
    expect(idsOf(outcome)).toEqual(upTo(6, [3, 4]))
    expect(outcome.rejects).toEqual([
      expect.objectContaining({
        line: 3,
        reason: 'bad-record',
        detail: expect.stringContaining('expected records 3 to 4'),
      }),
    ])
  })

  it('tell of records that the chunk should have and has not', async () => {
    const chunk = makeOne(6)
    chunk.fill(0, findRecord(chunk, 4))
    sealChunk(chunk)
    const outcome = await read(makeLog([chunk]))
    expect(idsOf(outcome)).toEqual(upTo(4))
    expect(outcome.rejects).toEqual([
      expect.objectContaining({ line: 5, detail: expect.stringContaining('records 5 to 6') }),
    ])
  })

  it('that were cut off have everything before the cut', async () => {
    const chunks = makeSome(150)
    const log = makeLog(chunks)
    const whole = idsOf(await read(log)).length
    for (const cut of [
      FILE_HEADER_BYTES + CHUNK_BYTES + 100,
      FILE_HEADER_BYTES + CHUNK_BYTES + 20_000,
      log.length - 60_000,
    ]) {
      const outcome = await read(log.subarray(0, cut))
      expect(idsOf(outcome)).toEqual(upTo(outcome.rows.length))
      expect(outcome.rows.length).toBeLessThan(whole)
      expect(outcome.rejects.map(({ reason }) => reason)).toContain('truncated')
    }
    expect((await read(log.subarray(0, 2000))).rejects).toMatchObject([{ reason: 'truncated', line: 0 }])
  })

  it('that were cut off between two chunks lack what a closed header tells of, which is a loss', async () => {
    const chunks = makeSome(300)
    const log = makeLog(chunks)
    const perPiece = { stretchBytes: CHUNK_BYTES }
    for (const left of [0, 1, chunks.length - 1]) {
      const cut = log.subarray(0, FILE_HEADER_BYTES + left * CHUNK_BYTES)
      for (const outcome of [await read(cut), await read(cut, perPiece)]) {
        expect(outcome.rejects).toEqual([
          {
            line: 0,
            reason: 'truncated',
            detail: `expected as many chunks in log as the header of the closed log says (${chunks.length}), found the end of the file in the place of chunk ${left + 1}, at offset ${cut.length}`,
            raw: '',
          },
        ])
      }
    }
    expect((await read(log)).rejects).toEqual([])
    const unused = Buffer.alloc(CHUNK_BYTES)
    expect((await read(Buffer.concat([log, unused]).subarray(0, -100))).rejects).toEqual([])
  })

  it('are whole also where the memory of their pieces is given away, as threads are given it', async () => {
    const log = makeLog(makeSome(300))
    const source = new PeekableSource(
      new ChunkSource(
        (async function* () {
          yield log
        })(),
      ),
    )
    const { pieces } = await EVTX_FORMAT.plan('log', source, {}, {})
    for await (const piece of pieces) {
      expect(piece.kind).toBe('stretch')
      if (piece.kind === 'stretch') (piece.bytes.buffer as ArrayBuffer).transfer()
    }
  })

  it('that went round are known to be cut off though their last chunk is there', async () => {
    const log = makeLog(makeSome(300))
    log.writeBigUInt64LE(1n, 8)
    log.writeBigUInt64LE(0n, 16)
    sealHeader(log)
    expect((await read(log.subarray(0, FILE_HEADER_BYTES + CHUNK_BYTES))).rejects).toMatchObject([
      { reason: 'truncated' },
    ])
    expect((await read(log)).rejects).toEqual([])
  })

  it('lack nothing that is known where the header is out of date, damaged or without a checksum, or says two things', async () => {
    const chunks = makeSome(300)
    const end = FILE_HEADER_BYTES + CHUNK_BYTES
    const damaged = makeLog(chunks)
    damaged[124]! ^= 1
    const unsealed = makeLog(chunks)
    unsealed.writeUInt32LE(4, 120)
    const lagging = makeLog(chunks)
    lagging.writeBigUInt64LE(0n, 16)
    sealHeader(lagging)
    for (const log of [makeLog(chunks, true), damaged, unsealed, lagging])
      expect((await read(log.subarray(0, end))).rejects).toEqual([])
  })

  it('tell which records have lost their template', async () => {
    const chunk = makeOne(4)
    // The first record holds the templates of all.
    const at = findRecord(chunk, 0)
    chunk.fill(0xff, at + 24, at + 400)
    sealChunk(chunk)
    const outcome = await read(makeLog([chunk]))
    expect(outcome.rows).toEqual([])
    expect(outcome.rejects.map(({ line, reason }) => [line, reason])).toEqual([
      [1, 'bad-record'],
      [2, 'missing-template'],
      [3, 'missing-template'],
      [4, 'missing-template'],
    ])
  })

  it('have records behind those that the header of the chunk tells of', async () => {
    const chunk = makeOne(6)
    const end = findRecord(chunk, 4)
    for (const at of [16, 32]) chunk.writeBigUInt64LE(4n, at)
    chunk.writeUInt32LE(findRecord(chunk, 3), 44)
    chunk.writeUInt32LE(end, 48)
    sealChunk(chunk)
    const outcome = await read(makeLog([chunk], true))
    expect(idsOf(outcome)).toEqual(upTo(6))
    expect(outcome.remarks[1]).toMatch(/^2 records stood behind what the header of 1 chunk/)
  })

  it('are carved when asked: what is left in unused space is there once, and marked', async () => {
    const old = makeOne(8)
    const young = new ChunkWriter()
    for (const id of [101, 102]) young.add(makeRecord({ id, data: processData(id) }))
    const chunk = young.finish()
    // Records of an earlier pass: whole ones with the templates that the young ones have at the same place.
    old.copy(chunk, findRecord(old, 3), findRecord(old, 3))
    sealChunk(chunk)
    const log = makeLog([chunk])
    expect(idsOf(await read(log))).toEqual([101, 102])
    const outcome = await read(log, { carve: true })
    expect(idsOf(outcome)).toEqual([101, 102, 4, 5, 6, 7, 8])
    expect(outcome.rows.map((row) => row['recovered'])).toEqual([
      undefined,
      undefined,
      true,
      true,
      true,
      true,
      true,
    ])
    expect(outcome.remarks).toEqual([expect.stringMatching(/^5 records were recovered/)])
  })

  it('have chunks that are none, which are told, and carved when asked', async () => {
    const [first, second] = makeSome(150)
    first!.write('Elf?', 'latin1')
    const log = makeLog([first!, second!])
    const outcome = await read(log)
    expect(outcome.rejects).toMatchObject([{ line: 0, reason: 'bad-chunk' }])
    expect(outcome.rejects[0]!.detail).toMatch(/--carve/)
    const carved = await read(log, { carve: true })
    expect(idsOf(carved).toSorted((a, b) => Number(a) - Number(b))).toEqual(upTo(150))
  })
})

describe('hostile event logs', () => {
  async function rejectsOf(event: FragmentSpec): Promise<Reject[]> {
    const { written } = makeRecord({ id: 1 })
    const records = [{ id: 1, written, event }, makeRecord({ id: 2, data: processData(2) })]
    const outcome = await read(makeLog(makeChunks(records)))
    expect(idsOf(outcome)).toContain(2)
    return outcome.rejects
  }

  it('cannot nest elements or fragments without end', async () => {
    let element: ElementSpec = { name: 'x', content: ['leaf'] }
    for (let depth = 0; depth < 600; depth++) element = { name: 'x', content: [element] }
    expect(await rejectsOf({ elements: [element] })).toMatchObject([
      { reason: 'over-limit', detail: expect.stringContaining('MAX_ELEMENT_DEPTH') },
    ])
    const template = { guid: hashGuid('nest'), root: { name: 'Event', content: [slot(0, VALUE.fragment)] } }
    let nested: FragmentSpec = { elements: [{ name: 'System' }] }
    for (let depth = 0; depth < 80; depth++) nested = { template, values: [fragment(nested)] }
    expect(await rejectsOf(nested)).toMatchObject([
      { reason: 'over-limit', detail: expect.stringContaining('MAX_FRAGMENT_DEPTH') },
    ])
  })

  it('cannot make a record larger and larger by using its values again and again', async () => {
    const many = Array.from({ length: 60 }, () => slot(0, VALUE.fragment))
    const template = { guid: hashGuid('many'), root: { name: 'Event', content: many } }
    let nested: FragmentSpec = { elements: [{ name: 'System' }] }
    for (let depth = 0; depth < 6; depth++) nested = { template, values: [fragment(nested)] }
    expect(await rejectsOf(nested)).toMatchObject([
      { reason: 'over-limit', detail: expect.stringContaining('MAX_RECORD_NODES') },
    ])
    const data = Array.from({ length: 900 }, (_, i): ElementSpec => ({ name: `n${i}`, content: [slot(0)] }))
    const system: ElementSpec = { name: 'System', content: [{ name: 'EventID', content: ['1'] }] }
    const long = {
      guid: hashGuid('long'),
      root: { name: 'Event', content: [system, { name: 'EventData', content: data }] },
    }
    expect(await rejectsOf({ template: long, values: [text('x'.repeat(9000))] })).toMatchObject([
      { reason: 'over-limit', detail: expect.stringContaining('MAX_RECORD_TEXT_BYTES') },
    ])
  })

  it('keep all records before the damage, whatever byte is wrong', async () => {
    const good = makeLog([makeOne(20)])
    let state = 7
    const next = (below: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
      return state % below
    }
    for (let round = 0; round < 30; round++) {
      const log = Buffer.from(good)
      const from = FILE_HEADER_BYTES + 512 + next(20_000)
      for (let at = from; at < from + 1 + next(200); at++) log[at] = next(256)
      const outcome = await read(log, { carve: round % 2 === 0, stretchBytes: CHUNK_BYTES })
      const ids = new Set(idsOf(outcome))
      const chunk = good.subarray(FILE_HEADER_BYTES)
      for (let place = 0; findRecord(chunk, place + 1) <= from - FILE_HEADER_BYTES && place < 19; place++)
        expect(ids).toContain(place + 1)
    }
  })
})
