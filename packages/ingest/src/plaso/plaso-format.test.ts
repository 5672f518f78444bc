import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { gzipSync } from 'node:zlib'
import type { Reject } from '@timeskein/model'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readEvidence } from '../pipeline/read-evidence.ts'
import type { ReadItem } from '../pipeline/read-item.ts'
import type { ReadOptions } from '../pipeline/read-options.ts'
import { loopTable } from '../sqlite/testing/loop-table.ts'
import { type StorageSpec, writeStorage } from './testing/storage-writer.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'timeskein-plaso-'))
  path = join(folder, 'case.plaso')
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

const SYSLOG = {
  data_type: 'syslog:line',
  _parser_chain: 'text/syslog_traditional',
  _event_values_hash: 'a1',
  _event_data_stream_identifier: 'event_data_stream.1',
  hostname: 'web1',
  message_body: 'disk \u00e9 full',
  pid: 7,
  reporter: 'kernel',
}
const STREAM = {
  path_spec: JSON.stringify({
    __type__: 'PathSpec',
    type_indicator: 'NTFS',
    location: '\\var\\log\u0001',
    parent: { type_indicator: 'VSHADOW', store_index: 1, password: 'hidden' },
  }),
  sha256_hash: 'ab12',
}

interface Outcome {
  readonly events: readonly Record<string, unknown>[]
  readonly times: readonly string[]
  readonly rejects: readonly Reject[]
  readonly end: Extract<ReadItem, { kind: 'end' }>
}

async function read(options: ReadOptions = {}, file = path): Promise<Outcome> {
  const events: Record<string, unknown>[] = []
  const times: string[] = []
  const rejects: Reject[] = []
  let end: Outcome['end'] | undefined
  for await (const item of readEvidence({ path: file }, options)) {
    if (item.kind === 'batch') {
      const { source, rowCount, timesUs, nanos } = item.batch
      for (let row = 0; row < rowCount; row++) {
        const text = source.bytes.subarray(source.offsets[row], source.offsets[row + 1])
        events.push(JSON.parse(new TextDecoder().decode(text)))
        times.push(`${timesUs[row]}.${nanos?.[row] ?? 0}`)
      }
    } else if (item.kind === 'rejects') rejects.push(...item.rejects)
    else if (item.kind === 'end') end = item
  }
  return { events, times, rejects, end: end! }
}

function write(spec: Partial<StorageSpec>): void {
  writeStorage(path, { data: [SYSLOG], events: [{ data: 0, us: 5_000_000n }], streams: [STREAM], ...spec })
}

describe('a storage file', () => {
  it('gives each event the fields that Timesketch shows, without the secrets of its path', async () => {
    write({ events: [{ data: 0, us: 1_700_000_000_123_456n, tags: ['exit1', 'exit2'] }] })
    const { events, end } = await read()
    expect(events).toEqual([
      {
        datetime: '2023-11-14T22:13:20.123456+00:00',
        timestamp: 1_700_000_000_123_456,
        timestamp_desc: 'Content Modification Time',
        message: 'kernel: disk \u00e9 full - host web1 process 7',
        data_type: 'syslog:line',
        parser: 'text/syslog_traditional',
        source_short: 'LOG',
        source_long: 'syslog',
        display_name: 'VSS2:NTFS:\\var\\log\\x01',
        hostname: 'web1',
        message_body: 'disk \u00e9 full',
        body: 'disk \u00e9 full',
        pid: 7,
        reporter: 'kernel',
        filename: '\\var\\log\\x01',
        path_spec: expect.stringMatching(/^\{.*"store_index":1\}\}$/),
        sha256_hash: 'ab12',
        tag: ['exit1', 'exit2'],
      },
    ])
    expect(JSON.stringify(events)).not.toContain('hidden')
    expect(end.account).toMatchObject({ format: 'plaso', read: 1, rejected: 0 })
    expect(end.account.sha256).toMatch(/^[0-9a-f]{64}$/)
  })

  it('has its events in the order of their time, with nanoseconds where the stored time has them', async () => {
    const filetime = { __type__: 'DateTimeValues', __class_name__: 'Filetime', timestamp: 0 }
    const dateTime = JSON.stringify(filetime).replace(':0}', ': 116444736050000004}')
    write({
      events: [
        { data: 0, us: 9_000_000n },
        { data: 0, us: 5_000_000n, dateTime, desc: 'Creation Time' },
        { data: 0, us: -1_500_000n },
        { data: 0, us: 13_727_168_620_000_000n },
      ],
    })
    const { times, events } = await read()
    expect(times).toEqual(['-1500000.0', '5000000.400', '9000000.0', '13727168620000000.0'])
    expect(events[1]).toMatchObject({ datetime: '1970-01-01T00:00:05.000000400+00:00', timestamp: 5_000_000 })
  })

  it('has microseconds in its times, though another unit gave a likelier one', async () => {
    const us = 1_383_154_056_000_000_000n
    write({ events: [{ data: 0, us }] })
    const { times, rejects, end } = await read()
    expect([times, rejects]).toEqual([[`${us}.0`], []])
    expect(end.timeNotes.map(({ kind, field }) => [kind, field])).toEqual([['unread', 'datetime']])
  })

  it('leaves out what equals another in time, description and data, as psort does, and tells how many', async () => {
    const other = { ...SYSLOG, _parser_chain: 'text/other' }
    const events = [0, 1, 0].map((data) => ({ data, us: 5_000_000n }))
    write({ data: [SYSLOG, other], events: [...events, { data: 0, us: 5_000_000n, desc: 'Creation Time' }] })
    const found = await read()
    expect(found.events).toHaveLength(2)
    expect(found.end.remarks.join()).toContain('2 events equal others')
    expect((await read({ keepDuplicates: true })).events).toHaveLength(4)
  })

  it('knows equal data by all they say where no hash was stored', async () => {
    const { _event_values_hash: _, ...data } = SYSLOG
    const reversed = Object.fromEntries(Object.entries(data).reverse())
    write({ data: [data, reversed], events: [0, 1].map((place) => ({ data: place, us: 5_000_000n })) })
    expect((await read()).events).toHaveLength(1)
  })

  it('keeps numbers as they were stored: large ones whole, floats as floats, and names of our own apart', async () => {
    const json = { data_type: 'x:y', big: 1, whole: 1, list: [1], timestamp_desc: 'mine', message: 'theirs' }
    write({ data: [json], isCompressed: false })
    using database = new DatabaseSync(path)
    const text = JSON.stringify(json)
      .replace('"big":1', '"big": 12345678901234567890')
      .replace('"whole":1', '"whole": 1.0, "odd": NaN')
    database.prepare('UPDATE event_data SET _data = ?').run(text)
    database.close()
    const source: string[] = []
    for await (const item of readEvidence({ path }))
      if (item.kind === 'batch') source.push(new TextDecoder().decode(item.batch.source.bytes))
    expect(source.join()).toContain('"big":12345678901234567890,"whole":1.0,"odd":"NaN","list":[1]')
    expect(source.join()).toContain('"stored_message":"theirs"')
    expect(source.join()).toContain('big: 12345678901234567890 whole: 1.0 odd: nan list: [1]')
  })

  it('keeps the warnings of Plaso in its account', async () => {
    write({ warnings: ['cannot\nread this', 'nor that'] })
    expect((await read()).end.remarks).toEqual([
      'Plaso had 2 warnings while it read evidence: text/made: cannot read this; text/made: nor that',
    ])
  })

  it('tells of events that have no time but a place holder', async () => {
    write({ events: [{ data: 0, us: 0n, desc: 'Not a time' }] })
    const { events, end } = await read()
    expect(events[0]).toMatchObject({ timestamp: 0 })
    expect(end.remarks.join()).toContain('1 event has no time')
  })

  it.each([20180101, 20190309, 20210621, 20221023, 20230327, 20260516])(
    'is read in format %i',
    async (version) => {
      const { _event_data_stream_identifier: _, ...data } = SYSLOG
      const linked =
        version < 20221023
          ? { ...data, _event_data_stream_row_identifier: 1 }
          : { ...data, _event_data_stream_identifier: 'event_data_stream.1' }
      write({ version, data: [linked], events: [{ data: 0, us: 5_000_000n, tags: ['t'] }], warnings: ['w'] })
      const { events, end } = await read()
      expect(events).toMatchObject([
        { display_name: 'VSS2:NTFS:\\var\\log\\x01', sha256_hash: 'ab12', tag: ['t'], pid: 7 },
      ])
      expect(end.remarks.join()).toContain('text/made: w')
    },
  )

  it('finds attributes by the names of releases before and since, and makes the same messages of both', async () => {
    const before = { data_type: 'windows:evtx:record', computer_name: 'PC1', event_identifier: 7 }
    const since = { data_type: 'windows:evtx:record', hostname: 'PC1', event_identifier: 7 }
    write({
      data: [before, since],
      events: [
        { data: 0, us: 1n },
        { data: 1, us: 2n },
      ],
    })
    const { events } = await read()
    for (const event of events)
      expect(event).toMatchObject({ computer_name: 'PC1', hostname: 'PC1', message: 'Event 7 on PC1:' })
  })

  it('is read from a stream, from gzip, and with a write-ahead log that its writer holds', async () => {
    write({})
    writeFileSync(`${path}.gz`, gzipSync(readFileSync(path)))
    expect((await read({ spoolDirectory: folder }, `${path}.gz`)).events).toHaveLength(1)
    using writer = new DatabaseSync(path)
    writer.exec(
      'PRAGMA journal_mode = WAL; BEGIN; INSERT INTO event (_event_data_identifier, timestamp, timestamp_desc) SELECT _event_data_identifier, 77, timestamp_desc FROM event; COMMIT',
    )
    const before = readdirSync(folder).toSorted()
    const { events, end } = await read({ spoolDirectory: folder })
    expect(events).toHaveLength(2)
    expect(end.remarks.join()).toContain('write-ahead log')
    expect(readdirSync(folder).toSorted()).toEqual(before)
  })
})

describe('what is wrong with a storage file is told, and what can be read is in', () => {
  it('a format of the future', async () => {
    write({ version: 20991231 })
    const { events, end } = await read()
    expect(events).toHaveLength(1)
    expect(end.remarks[0]).toContain('format 20991231 is newer than 20260516')
  })

  it.each([
    [{ storage_type: 'task' }, 'that of a task'],
    [{ format_version: '20170707' }, 'found 20170707'],
    [{ format_version: 'new' }, 'found "new"'],
    [{ serialization_format: 'xml' }, 'found xml with zlib'],
  ])('metadata %j', async (metadata, message) => {
    write({ metadata })
    await expect(read()).rejects.toThrow(message)
  })

  it('a database of something else', async () => {
    using database = new DatabaseSync(path)
    database.exec('CREATE TABLE t (a); CREATE VIEW metadata AS SELECT 1 AS key, 2 AS value')
    await expect(read()).rejects.toThrow('an SQLite database of no known program')
  })

  it('event data that do not unpack: their events are there with their time', async () => {
    write({ data: [SYSLOG, SYSLOG], events: [0, 1, 5].map((data) => ({ data, us: BigInt(data) })) })
    using database = new DatabaseSync(path)
    database.exec("UPDATE event_data SET _data = x'78da00' WHERE _identifier = 2")
    database.close()
    const { events, rejects, end } = await read()
    expect(events).toHaveLength(3)
    expect(events[1]).toMatchObject({
      timestamp: 1,
      message: expect.stringMatching(/^The data of this event \(2\)/),
    })
    expect(rejects.map(({ reason }) => reason)).toEqual(['bad-record', 'bad-record'])
    expect(rejects[1]!.detail).toContain('row 6 of the table event_data cannot be read')
    expect(end.account).toMatchObject({ read: 5, rejected: 2 })
  })

  it('labels of an event that is not there', async () => {
    write({ events: [0, 1].map((us) => ({ data: 0, us: BigInt(us), tags: ['seen'] })) })
    using database = new DatabaseSync(path)
    database.exec('DELETE FROM event WHERE _identifier = 2')
    database.close()
    const { events, rejects } = await read()
    expect(events).toMatchObject([{ tag: ['seen'] }])
    expect(rejects).toMatchObject([
      { reason: 'bad-record', detail: expect.stringContaining('labels of 1 event that is not in the file') },
      { reason: 'truncated', detail: expect.stringContaining('expected 2 events') },
    ])
  })

  it('an event without a time', async () => {
    write({ events: [{ data: 0, us: null }] })
    expect((await read()).rejects).toMatchObject([{ line: 1, reason: 'no-time' }])
  })

  it('a table of events that is not there, though there is data of some', async () => {
    write({ data: [{ data_type: 'a' }], events: [] })
    using database = new DatabaseSync(path)
    database.exec('DROP TABLE event')
    expect((await read()).rejects).toMatchObject([
      { reason: 'truncated', detail: expect.stringContaining('expected a table event') as string },
    ])
    database.exec('DELETE FROM event_data')
    const { rejects, end } = await read()
    expect(rejects).toEqual([])
    expect(end.remarks.join()).toContain('nothing was stored in it')
  })

  it('tables whose pages lead to the same rows again', async () => {
    write({ events: [0, 0, 0].map((data, i) => ({ data, us: BigInt(9 - i), tags: ['t'] })), warnings: ['w'] })
    for (const table of ['event', 'event_tag', 'extraction_warning', 'sqlite_sequence'])
      loopTable(path, table)
    const { events, rejects, end } = await read({ spoolDirectory: folder })
    expect(events.map(({ timestamp, tag }) => [timestamp, tag])).toEqual([
      [9, ['t']],
      [8, ['t']],
      [7, ['t']],
    ])
    expect(rejects.map(({ detail }) => detail)).toEqual([
      expect.stringMatching(
        /^rows 4 to the last of the table event_tag cannot be read: expected row numbers/,
      ),
      expect.stringMatching(/^events 4 to the last of the table event cannot be read: expected row numbers/),
    ])
    expect(end.remarks.join()).toContain('not sorted by time')
    expect(end.remarks.join()).toContain('extraction_warning itself cannot be read from row 2 on')
  })

  it('pages that are overwritten, and a file that was cut', async () => {
    const count = 3000
    const data = Array.from({ length: count }, (_, i) => ({ ...SYSLOG, _event_values_hash: `${i}`, pid: i }))
    write({ data, events: data.map((_, i) => ({ data: i, us: BigInt(i) })) })
    const damaged = readFileSync(path)
    const pages = findPages(path, 'event')
    for (const page of [pages[3]!, pages[9]!]) damaged.fill(0xee, (page - 1) * 4096, page * 4096)
    const whole = join(folder, 'whole.plaso')
    copyFileSync(path, whole)
    writeFileSync(path, damaged)
    const hurt = await read()
    expect(hurt.rejects).toHaveLength(2)
    expect(hurt.rejects[0]!.detail).toMatch(/^events \d+ to \d+ of the table event cannot be read/)
    const [first, second] = hurt.rejects.map(({ raw }) => JSON.parse(raw))
    const lost = first.last - first.first + 1 + (second.last - second.first + 1)
    expect(hurt.events).toHaveLength(count - lost)
    expect(hurt.end.remarks.join()).toContain('not sorted by time')
    truncateSync(whole, (pages.at(-20)! - 1) * 4096)
    const cut = await read({ spoolDirectory: folder }, whole)
    expect(cut.events.length).toBeGreaterThan(100)
    expect(cut.events.length).toBeLessThan(count)
    expect(cut.rejects.length).toBeGreaterThan(0)
    expect(cut.end.remarks.join()).toContain('cut off')
  })
})

describe('an event filter', () => {
  it('leaves out what does not match, and tells how many', async () => {
    write({
      data: [SYSLOG, { ...SYSLOG, _event_values_hash: 'b', pid: 8 }],
      events: [
        { data: 0, us: 1n },
        { data: 1, us: 2n, tags: ['seen'] },
      ],
    })
    const { events, end } = await read({ plasoFilter: 'pid > 7 and tag contains "seen"' })
    expect(events).toMatchObject([{ pid: 8 }])
    expect(end.remarks).toContain('1 event does not match the event filter and was left out.')
    await expect(read({ plasoFilter: 'pid >' })).rejects.toThrow('expected a value')
  })
})

/** Pages of a table's leaves, by SQLite's own account. */
function findPages(file: string, table: string): readonly number[] {
  using database = new DatabaseSync(file)
  return database
    .prepare("SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY path")
    .all(table)
    .map(({ pageno }) => Number(pageno))
}
