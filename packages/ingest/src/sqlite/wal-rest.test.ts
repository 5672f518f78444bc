import { Buffer } from 'node:buffer'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readEvidence } from '../pipeline/read-evidence.ts'
import { readWalRest } from './wal-rest.ts'

const FRAME_BYTES = 24 + 4096

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'timeskein-wal-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

/** A database with a row, and a write-ahead log with a row in each of two transactions; and maybe one that is under way. */
function makeDatabase(isUnderWay = false): { readonly database: Buffer; readonly log: Buffer } {
  const path = join(folder, 'made')
  using database = new DatabaseSync(path)
  database.exec(`CREATE TABLE moz_formhistory (fieldname TEXT, value TEXT, firstUsed INTEGER, lastUsed INTEGER);
    INSERT INTO moz_formhistory VALUES ('a', 'one', 1700000000000000, 1700000000000000);
    PRAGMA journal_mode = WAL; PRAGMA cache_size = 1; PRAGMA cache_spill = 1`)
  const add = (value: string): void =>
    database.exec(`INSERT INTO moz_formhistory VALUES ('a', '${value}', 1700000001000000, 1700000001000000)`)
  add('two')
  add('three')
  if (isUnderWay) {
    // More than the cache holds, so that it is written before its end.
    database.exec('BEGIN')
    for (let i = 0; i < 50; i++) add('x'.repeat(4000))
  }
  return { database: readFileSync(path), log: readFileSync(`${path}-wal`) }
}

async function read({ database, log }: { database: Buffer; log: Buffer }) {
  mkdirSync(join(folder, 'case'))
  const path = join(folder, 'case', 'formhistory.sqlite')
  writeFileSync(path, database)
  writeFileSync(`${path}-wal`, log)
  let remarks: readonly string[] = []
  const rejects: string[] = []
  let stored = 0
  for await (const item of readEvidence({ path })) {
    if (item.kind === 'batch') stored += item.batch.rowCount
    if (item.kind === 'rejects')
      rejects.push(...item.rejects.map(({ reason, detail }) => `${reason} ${detail}`))
    if (item.kind === 'end') remarks = item.remarks
  }
  return { stored, remarks, rejects }
}

const TAKEN = expect.stringMatching(/^\d+ pages of the write-ahead log .* were taken in\.$/)

describe('what a write-ahead log has behind its last finished change', () => {
  it('is nothing where the log is whole', async () => {
    expect(await read(makeDatabase())).toEqual({ stored: 3, remarks: [TAKEN], rejects: [] })
  })

  it('is told where it was not finished, and is no loss', async () => {
    expect(await read(makeDatabase(true))).toEqual({
      stored: 3,
      remarks: [
        TAKEN,
        expect.stringMatching(/^\d+ pages at the end of .* since what they change was not finished\.$/),
      ],
      rejects: [],
    })
  })

  it('is lost where the log is cut off in a page, or damaged', async () => {
    const { database, log } = makeDatabase()
    const lost = expect.stringMatching(
      /^bad-record \d+ pages? at the end of .* it is damaged or cut off there/,
    )
    expect((await read({ database, log: log.subarray(0, -100) })).rejects).toEqual([lost])
    rmSync(join(folder, 'case'), { recursive: true })
    const damaged = Buffer.from(log)
    damaged.writeUInt8(1, damaged.length - FRAME_BYTES + 1000)
    const found = await read({ database, log: damaged })
    expect(found.rejects).toEqual([lost])
    expect(found.stored).toBe(2)
  })

  it('is lost where it is no log, and none where it is blank', async () => {
    const { database, log } = makeDatabase()
    const other = Buffer.from('no write-ahead log '.repeat(400))
    expect((await read({ database, log: other })).rejects).toEqual([
      expect.stringMatching(/^bad-record The write-ahead log .* has no header that is whole/),
    ])
    rmSync(join(folder, 'case'), { recursive: true })
    expect((await read({ database, log: Buffer.alloc(log.length) })).rejects).toEqual([])
  })

  it('does not count what an earlier use of the file has left', async () => {
    const { database, log } = makeDatabase()
    const old = Buffer.from(log.subarray(32, 32 + FRAME_BYTES))
    old.writeUInt32BE(1, 8)
    expect((await read({ database, log: Buffer.concat([log, old]) })).rejects).toEqual([])
  })
})

describe('a write-ahead log of many large pages', () => {
  const PAGE_BYTES = 65_536
  const FRAMES = 600

  /** A log of blank pages, of which none was taken in, and what was read of it. */
  function makeLog(damagedFrame: number) {
    const bytes = Buffer.alloc(32 + FRAMES * (24 + PAGE_BYTES))
    bytes.writeUInt32BE(0x377f0683, 0)
    bytes.writeUInt32BE(PAGE_BYTES, 8)
    bytes.write('saltsalt', 16)
    let sums: readonly [number, number] = [0, 0]
    const close = (part: Buffer, page: Buffer, at: number): void => {
      sums = addTo(addTo(sums, part), page)
      bytes.writeUInt32BE(sums[0], at)
      bytes.writeUInt32BE(sums[1], at + 4)
    }
    close(bytes.subarray(0, 24), Buffer.alloc(0), 24)
    for (let i = 0; i < FRAMES; i++) {
      const at = 32 + i * (24 + PAGE_BYTES)
      bytes.writeUInt32BE(i + 1, at)
      bytes.write('saltsalt', at + 8)
      close(bytes.subarray(at, at + 8), bytes.subarray(at + 24, at + 24 + PAGE_BYTES), at + 16)
    }
    if (damagedFrame < FRAMES) bytes.writeUInt8(1, 32 + damagedFrame * (24 + PAGE_BYTES) + 100)
    const log = {
      sizeBytes: bytes.length,
      readBytes: 0,
      memories: new Set<unknown>(),
      read(target: Buffer, position: number): number {
        const size = bytes.copy(target, 0, position)
        log.readBytes += size
        log.memories.add(target.buffer)
        return size
      },
    }
    return log
  }

  function addTo([first, second]: readonly [number, number], part: Buffer): readonly [number, number] {
    let [one, two] = [first, second]
    for (let at = 0; at < part.length; at += 8) {
      one = (one + part.readUInt32BE(at) + two) >>> 0
      two = (two + part.readUInt32BE(at + 4) + one) >>> 0
    }
    return [one, two]
  }

  it('is read into one memory, its headers only where it is long', () => {
    const log = makeLog(FRAMES)
    expect(readWalRest(log, 0)).toEqual({
      sentence: expect.stringMatching(/^600 pages at the end of .* since what they change was not finished/),
      isDamaged: false,
    })
    expect(log.readBytes).toBeLessThanOrEqual(16 * 1024 * 1024 + 600 * 24 + 32)
    expect(log.memories.size).toBeLessThanOrEqual(2)
  })

  it('is read by its headers behind damage', () => {
    const log = makeLog(2)
    expect(readWalRest(log, 0)).toEqual({
      sentence: expect.stringMatching(/^600 pages at the end of .* damaged or cut off there/),
      isDamaged: true,
    })
    expect(log.readBytes).toBeLessThanOrEqual(3 * PAGE_BYTES + 600 * 24 + 32)
  })
})
