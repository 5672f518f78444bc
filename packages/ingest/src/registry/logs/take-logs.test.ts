import { Buffer } from 'node:buffer'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ArchiveLimitError } from '../../containers/archive-limits.ts'
import { writeTar } from '../../containers/tar-writer.ts'
import { makeZip } from '../../containers/zip-fixture.ts'
import { placeFile } from '../../pipeline/evidence-plan.ts'
import { readEvidence } from '../../pipeline/read-evidence.ts'
import { makeHive, SAMPLE_TIME } from '../testing/hive-writer.ts'
import { makeDirty, makeEntry, makeNewLog, makeOldLog, withNumbers } from '../testing/log-writer.ts'
import { takeLogs } from './take-logs.ts'

type Files = Readonly<Record<string, Buffer>>

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'timeskein-hives-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

/** One hive with more and more keys; the last has so much data that the file is larger. */
const A = makeHive({ A: {} })
const AB = makeHive({ A: {}, B: {} })
const ABC = makeHive({ A: {}, B: {}, C: {} })
const GROWN = makeHive({ A: {}, B: {}, C: { values: { long: Buffer.alloc(9000, 'x') } } })

async function read(path: string) {
  const keys: unknown[] = []
  const remarks: string[] = []
  const rejects: string[] = []
  const refused: string[] = []
  for await (const item of readEvidence({ path })) {
    if (item.kind === 'refused') refused.push(`${item.path.replace(/^.*[!/]/, '')}: ${item.reason}`)
    if (item.kind === 'rejects')
      rejects.push(...item.rejects.map(({ reason, detail }) => `${reason} ${detail}`))
    if (item.kind === 'end') {
      remarks.push(...item.remarks)
      expect(item.account.rejected).toBe(rejects.length)
    }
    if (item.kind !== 'batch') continue
    const { source, rowCount } = item.batch
    for (let row = 0; row < rowCount; row++) {
      const text = Buffer.from(source.bytes.subarray(source.offsets[row], source.offsets[row + 1]))
      keys.push(JSON.parse(text.toString())['key_path'])
    }
  }
  return { keys, remarks, rejects, refused }
}

async function write(files: Files): Promise<void> {
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), bytes)
  }
}

/** The hive `SYSTEM` beside these logs. */
async function readHive(hive: Buffer, logs: Files) {
  await write({ SYSTEM: hive, ...logs })
  return await read(join(folder, 'SYSTEM'))
}

async function packTar(files: Files): Promise<Buffer> {
  const entries = Object.entries(files).map(([name, bytes]) => ({
    name,
    sizeBytes: bytes.length,
    changedSeconds: 0,
    content: toStream(bytes),
  }))
  return Buffer.concat(await Array.fromAsync(writeTar(toStream(...entries))))
}

async function* toStream<T>(...items: readonly T[]): AsyncGenerator<T> {
  yield* items
}

function fix(bytes: Buffer, change: (copy: Buffer) => void): Buffer {
  const copy = Buffer.from(bytes)
  change(copy)
  return copy
}

const LOSS = /^Changes that are in the transaction logs only are not, or not all, in the hive: /

describe('a dirty hive', () => {
  it('is read with a log of Windows XP to 8', async () => {
    const found = await readHive(makeDirty(A), {
      'SYSTEM.LOG1': makeOldLog(A, AB),
      'SYSTEM.LOG2': Buffer.alloc(0),
    })
    expect(found).toEqual({
      keys: ['', 'A', 'B'],
      remarks: ['8 pages of the transaction log beside the hive (.LOG1) were taken in.'],
      rejects: [],
      refused: [],
    })
  })

  it('is read with the only log of older versions', async () => {
    expect(await readHive(makeDirty(A), { 'SYSTEM.LOG': makeOldLog(A, GROWN) })).toMatchObject({
      keys: ['', 'A', 'B', 'C'],
      remarks: [expect.stringContaining('(.LOG)')],
      rejects: [],
    })
  })

  it('is read with the log of the old format that was written last', async () => {
    const later = makeHive({ A: {}, B: {}, C: {} }, { written: SAMPLE_TIME + 1n })
    const logs = { 'SYSTEM.LOG1': makeOldLog(A, AB), 'SYSTEM.LOG2': makeOldLog(A, later) }
    expect(await readHive(makeDirty(A), logs)).toMatchObject({ keys: ['', 'A', 'B', 'C'], rejects: [] })
  })

  it('is read with entries of the format since Windows 8.1, though they make the hive larger', async () => {
    expect(await readHive(makeDirty(A), { 'SYSTEM.LOG1': makeNewLog([A, AB, GROWN]) })).toEqual({
      keys: ['', 'A', 'B', 'C'],
      remarks: ['4 pages of the transaction log beside the hive (.LOG1) were taken in.'],
      rejects: [],
      refused: [],
    })
  })

  it('is read with both logs, the earlier one first', async () => {
    const logs = { 'SYSTEM.LOG1': makeNewLog([AB, ABC], 6), 'SYSTEM.LOG2': makeNewLog([A, AB], 5) }
    expect(await readHive(makeDirty(A, 5), logs)).toMatchObject({
      keys: ['', 'A', 'B', 'C'],
      remarks: ['2 pages of the transaction logs beside the hive (.LOG2, .LOG1) were taken in.'],
      rejects: [],
    })
  })

  const base = (sequence: number): Buffer => makeNewLog([A, AB], sequence).subarray(0, 512)
  const torn = (log: Buffer): Buffer => log.subarray(0, -100)
  it.each<
    readonly [string, log: Buffer, other: Buffer, keys: readonly string[], rejects: readonly unknown[]]
  >([
    ['one of them is empty', base(1), makeNewLog([A, AB]), ['B'], []],
    ['one of them is empty where the other ends', base(2), makeNewLog([A, AB]), ['B'], []],
    ['one of them has fewer', makeNewLog([A, AB]), makeNewLog([A, AB, ABC]), ['B', 'C'], []],
    ['one of them is torn', torn(makeNewLog([A, AB])), makeNewLog([A, AB, ABC]), ['B', 'C'], []],
    [
      'one of them is torn where the other ends',
      torn(makeNewLog([A, AB, ABC])),
      makeNewLog([A, AB]),
      ['B'],
      [expect.stringMatching(/ends in its entry 2, .*cut off/)],
    ],
    [
      'both are torn',
      torn(makeNewLog([A, AB])),
      torn(makeNewLog([A, AB, ABC])),
      ['B'],
      [expect.stringMatching(/ends in its entry 2, .*cut off/)],
    ],
    [
      'both are empty',
      base(1),
      base(1),
      [],
      [
        expect.stringMatching(/has no entry of its first/),
        expect.stringMatching(/has no entry of its first/),
      ],
    ],
    [
      'one of them is empty and the other begins later',
      base(1),
      makeNewLog([AB, ABC], 3),
      [],
      [expect.stringMatching(/does not go on where .*: expected the entry 1, found 3/)],
    ],
  ])('is read with all that both logs have, where %s', async (_what, log, other, keys, rejects) => {
    for (const logs of [
      { 'SYSTEM.LOG1': log, 'SYSTEM.LOG2': other },
      { 'SYSTEM.LOG1': other, 'SYSTEM.LOG2': log },
    ])
      expect(await readHive(makeDirty(A), logs)).toMatchObject({ keys: ['', 'A', ...keys], rejects })
    const untrusted = fix(makeDirty(A), (copy) => copy.writeUInt32LE(0x77777777, 36))
    if (keys.length > 0 && rejects.length === 0 && log.readUInt32LE(4) === 1)
      expect((await readHive(untrusted, { 'SYSTEM.LOG1': other, 'SYSTEM.LOG2': log })).keys).toContain('B')
  })

  it('is read with logs whose numbers begin again', async () => {
    const logs = { 'SYSTEM.LOG1': makeNewLog([AB, ABC], 0), 'SYSTEM.LOG2': makeNewLog([A, AB], 0xffffffff) }
    expect(await readHive(withNumbers(A, 0, 0xffffffff, 0), logs)).toMatchObject({
      keys: ['', 'A', 'B', 'C'],
      rejects: [],
    })
  })

  it('is not set back by entries that are in it already', async () => {
    const logs = { 'SYSTEM.LOG1': makeNewLog([A, AB], 4), 'SYSTEM.LOG2': makeNewLog([AB, ABC], 5) }
    expect(await readHive(makeDirty(AB, 5), logs)).toMatchObject({
      keys: ['', 'A', 'B', 'C'],
      remarks: [expect.stringContaining('(.LOG2)')],
      rejects: [],
    })
    const worn = Buffer.concat([makeNewLog([AB, ABC], 5), makeNewLog([ABC, A], 3).subarray(512)])
    expect(await readHive(makeDirty(AB, 5), { 'SYSTEM.LOG2': worn })).toMatchObject({
      keys: ['', 'A', 'B', 'C'],
      rejects: [],
    })
  })

  it('of a damaged base block has that of its latest log', async () => {
    const damaged = fix(makeDirty(A, 5), (copy) => copy.writeUInt32LE(0x77777777, 36))
    const logs = { 'SYSTEM.LOG1': makeNewLog([A, ABC], 7), 'SYSTEM.LOG2': makeNewLog([A, AB], 5) }
    expect(await readHive(damaged, logs)).toMatchObject({
      keys: ['', 'A', 'B', 'C'],
      remarks: [expect.stringContaining('(.LOG1)')],
      rejects: [],
    })
    const old = { 'SYSTEM.LOG1': makeOldLog(A, AB), 'SYSTEM.LOG2': Buffer.alloc(0) }
    expect(await readHive(damaged, old)).toMatchObject({ keys: ['', 'A', 'B'], rejects: [] })
  })

  it('is read as it stands without logs, and what is missing is told as lost', async () => {
    expect(await readHive(makeDirty(A), {})).toEqual({
      keys: ['', 'A'],
      remarks: [expect.stringMatching(LOSS)],
      rejects: ['bad-record none that can be read stands beside it (.LOG1, .LOG2, .LOG)'],
      refused: [],
    })
    const unused = { 'SYSTEM.LOG1': Buffer.alloc(4096), 'SYSTEM.LOG2': Buffer.alloc(0) }
    expect((await readHive(makeDirty(A), unused)).rejects).toEqual([
      'bad-record nothing is logged in those that stand beside it',
    ])
  })

  it('does without the packed ones that are not at hand, and says so', async () => {
    await write({ 'SYSTEM.gz': gzipSync(makeDirty(A)) })
    expect(await read(join(folder, 'SYSTEM.gz'))).toMatchObject({
      keys: ['', 'A'],
      rejects: ['bad-record nothing that stands beside the hive is at hand here'],
    })
  })
})

describe('logs that are torn or of something else', () => {
  const whole = makeNewLog([A, AB, ABC])
  const second = whole.lastIndexOf('HvLE')
  it.each<readonly [what: string, log: Buffer, keys: readonly string[], detail: RegExp]>([
    [
      'cut off in an entry',
      whole.subarray(0, second + 1024),
      ['', 'A', 'B'],
      /\.LOG1 ends in its entry 2, at offset \d+: the log is cut off: expected 4608 bytes, found 1024/,
    ],
    [
      'cut off in the header of an entry',
      whole.subarray(0, second + 20),
      ['', 'A', 'B'],
      /entry 2.*the log is cut off/,
    ],
    [
      'with other bytes in a page',
      fix(whole, (log) => log.writeUInt8(1, second + 3000)),
      ['', 'A', 'B'],
      /the hash of its pages is wrong/,
    ],
    [
      'with other bytes in a header',
      fix(whole, (log) => log.writeUInt8(1, second + 21)),
      ['', 'A', 'B'],
      /the hash of its header is wrong/,
    ],
    ['with no entry', whole.subarray(0, 512), ['', 'A'], /\.LOG1 has no entry of its first number, 1/],
    [
      'that were not written to their end',
      withNumbers(whole, 2, 1, 6),
      ['', 'A'],
      /its sequence numbers are 2 and 1/,
    ],
    [
      'with a damaged base block',
      fix(whole, (log) => log.writeUInt8(9, 60)),
      ['', 'A'],
      /the checksum of the base block of \.LOG1 is wrong/,
    ],
    ['of an unknown type', withNumbers(whole, 1, 1, 5), ['', 'A'], /expected the type 1, 2 or 6, found 5/],
    [
      'that are older than the hive',
      makeNewLog([A, AB], 0),
      ['', 'A'],
      /expected entries from number 1 on, found them from 0 in \.LOG1/,
    ],
    [
      'that are something else',
      Buffer.from('2026-03-01 10:00:00 started'),
      ['', 'A'],
      /is no transaction log/,
    ],
    [
      'of the old format, cut off',
      makeOldLog(A, AB).subarray(0, -1),
      ['', 'A'],
      /\.LOG1 is cut off: it ends before its last page/,
    ],
    [
      'of the old format, without their vector',
      fix(makeOldLog(A, AB), (log) => log.write('X', 512)),
      ['', 'A'],
      /has no "DIRT"/,
    ],
    [
      'of the old format, older than the hive',
      makeOldLog(A, makeHive({ A: {}, B: {} }, { written: SAMPLE_TIME - 1n })),
      ['', 'A'],
      /it was written before it/,
    ],
    [
      'of another hive',
      makeNewLog([ABC, fix(GROWN, (hive) => ABC.copy(hive, 4096, 4096))]),
      ['', 'A'],
      /cannot be of this hive/,
    ],
  ])('%s take nothing of the hive away, and are told as lost', async (_what, log, keys, detail) => {
    const found = await readHive(makeDirty(A), { 'SYSTEM.LOG1': log })
    expect(found.keys).toEqual(keys)
    expect(found.rejects).toEqual([expect.stringMatching(/^bad-record /)])
    expect(found.rejects[0]).toMatch(detail)
    expect(found.remarks.at(-1)).toMatch(LOSS)
    expect(found.remarks.at(-1)).toMatch(detail)
  })

  it('are told where one does not go on where the other ends', async () => {
    const logs = { 'SYSTEM.LOG1': makeNewLog([A, AB], 1), 'SYSTEM.LOG2': makeNewLog([AB, ABC], 9) }
    const { keys, rejects } = await readHive(makeDirty(A), logs)
    expect(keys).toEqual(['', 'A', 'B'])
    expect(rejects).toEqual([
      'bad-record .LOG2 does not go on where .LOG1 ends: expected the entry 2, found 9',
    ])
  })

  it('do not count as torn where the other log has the entry', async () => {
    const logs = { 'SYSTEM.LOG1': whole.subarray(0, second + 1024), 'SYSTEM.LOG2': makeNewLog([AB, ABC], 2) }
    expect(await readHive(makeDirty(A), logs)).toMatchObject({ keys: ['', 'A', 'B', 'C'], rejects: [] })
  })
})

describe('a log that cannot be read', () => {
  const take = (error: Error) => {
    const openBeside = async () => ({
      read: () => Promise.reject(error),
      truncation: undefined,
      [Symbol.asyncDispose]: async () => {},
    })
    const bytes = Buffer.from(new ArrayBuffer(A.length))
    makeDirty(A).copy(bytes)
    return takeLogs(bytes, { openBeside })
  }

  it.each([
    new ArchiveLimitError('SYSTEM.LOG1', 'MAX_UNPACKING_RATIO', 'it is a bomb', 'entry'),
    Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO', syscall: 'read' }),
  ])('for what is wrong with it alone is told as lost (%s)', async (error) => {
    const { losses } = await take(error)
    expect(losses[0]).toEqual({
      reason: 'bad-record',
      detail: expect.stringContaining(`.LOG1 cannot be read: ${error.message}`),
    })
  })

  it.each([
    new TypeError('a fault of ours'),
    new ArchiveLimitError('case.zip', 'MAX_UNPACKING_RATIO', 'the whole archive is a bomb'),
    Object.assign(new Error('no space is left'), { code: 'ENOSPC', syscall: 'write' }),
  ])('for anything else ends the reading (%s)', async (error) => {
    await expect(take(error)).rejects.toBe(error)
  })
})

describe('hostile logs', () => {
  const PAGE = Buffer.alloc(512, 1)
  const base = makeNewLog([A, AB]).subarray(0, 512)
  const claim = (at: number, value: number): Buffer => {
    const entry = makeEntry([{ place: 0, bytes: PAGE }], 4096, 1)
    entry.writeUInt32LE(value, at)
    return entry
  }
  it.each<readonly [string, Buffer, RegExp]>([
    ['a place behind the bins', makeEntry([{ place: 4096, bytes: PAGE }], 4096, 1), /which cannot be/],
    [
      'a place at the end of the numbers',
      makeEntry([{ place: 0xffffffff, bytes: PAGE }], 4096, 1),
      /which cannot be/,
    ],
    ['no bytes', makeEntry([{ place: 0, bytes: Buffer.alloc(0) }], 4096, 1), /which cannot be/],
    ['no pages', makeEntry([], 4096, 1), /cannot have 0 pages/],
    ['bins beyond all limits', makeEntry([{ place: 0, bytes: PAGE }], 0xfffff000, 1), /MAX_HIVE_BYTES/],
    ['bins of no size', makeEntry([{ place: 0, bytes: PAGE }], 4097, 1), /which none has/],
    ['a size that is not true', claim(4, 0x7ffffe00), /hash of its header/],
  ])('with a page of %s harm nothing', async (_what, entry, detail) => {
    const found = await readHive(makeDirty(A), { 'SYSTEM.LOG1': Buffer.concat([base, entry]) })
    expect(found.keys).toEqual(['', 'A'])
    expect(found.rejects).toEqual([expect.stringMatching(detail)])
  })

  it('with pages far behind what they and the hive have make no larger hive of it', async () => {
    const pages = [
      { place: 0, bytes: AB.subarray(4096, 8192) },
      { place: 256 * 1024 * 1024, bytes: PAGE },
    ]
    const log = Buffer.concat([base, makeEntry(pages, 384 * 1024 * 1024, 1)])
    const far =
      /^bad-record 1 of the 2 pages in \.LOG1 cannot be of this hive: it has 8192 bytes, 4608 are logged, and one page is for the place 268439552/
    const whole = await readHive(makeDirty(A), { 'SYSTEM.LOG1': log })
    expect(whole.keys).toEqual(['', 'A'])
    expect(whole.rejects).toEqual([expect.stringMatching(far), expect.stringMatching(/do not go on/)])
    const bytes = Buffer.from(new ArrayBuffer(A.length))
    fix(makeDirty(A), (copy) => copy.write('none', 4096)).copy(bytes)
    const taken = await takeLogs(bytes, placeFile(join(folder, 'SYSTEM')))
    expect(taken.bytes.length).toBe(A.length)
  })

  it('with pages over one another are taken in their order', async () => {
    const page = AB.subarray(4096, 8192)
    const entry = makeEntry(
      [
        { place: 0, bytes: Buffer.alloc(4096, 1) },
        { place: 0, bytes: page },
      ],
      4096,
      1,
    )
    const found = await readHive(makeDirty(A), { 'SYSTEM.LOG1': Buffer.concat([base, entry]) })
    expect(found).toMatchObject({ keys: ['', 'A', 'B'], rejects: [] })
  })
})

describe('logs of a hive', () => {
  const files = {
    'kim/ntuser.dat.LOG2': Buffer.alloc(0),
    'kim/ntuser.dat.LOG1': makeNewLog([A, AB]),
    'kim/NTUSER.DAT': makeDirty(A),
    'lee/NTUSER.DAT': A,
    'lee/ntuser.dat.log1': makeNewLog([A, AB]),
    'lee/readme.log1': makeNewLog([A, AB]),
  }
  it.each([
    ['zip', () => makeZip(Object.entries(files).map(([name, content]) => ({ name, content })))],
    ['tar', async () => await packTar(files)],
    ['tar.gz', async () => gzipSync(await packTar(files))],
    ['folder', undefined],
  ])('in a %s are found in any case of letters and listed as its own', async (ending, pack) => {
    const path = join(folder, `case.${ending}`)
    if (pack) await writeFile(path, await pack())
    else for (const [name, bytes] of Object.entries(files)) await write({ [`case.folder/${name}`]: bytes })
    const found = await read(path)
    expect(found.keys.toSorted()).toEqual(['', '', 'A', 'A', 'B'])
    expect(found.rejects).toEqual([])
    expect(found.refused.toSorted()).toEqual([
      expect.stringMatching(/^ntuser.dat.LOG1: it belongs to NTUSER.DAT beside it/),
      expect.stringMatching(/^ntuser.dat.LOG2: it belongs to NTUSER.DAT beside it/),
      expect.stringMatching(/^ntuser.dat.log1: it belongs to NTUSER.DAT beside it/),
      expect.stringMatching(/^readme.log1: it is a transaction log of a Windows registry hive/),
    ])
  })
})
