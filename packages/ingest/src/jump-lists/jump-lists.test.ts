import { describe, expect, it } from 'vitest'
import { planMapping } from '../artefacts/artefact-format.ts'
import { ArtefactSink } from '../artefacts/artefact-sink.ts'
import { readArtefact } from '../artefacts/testing/read-artefact.ts'
import { RowWriter } from '../batch/row-writer.ts'
import { makeLnk } from '../lnk/testing/lnk-writer.ts'
import { AUTOMATIC_JUMP_LIST_FORMAT } from './automatic-format.ts'
import { makeAutomatic, makeCustom, makeKnottedCompound, type TestEntry } from './testing/jump-list-writer.ts'

/** FILETIME of 2026-03-01T10:00:00Z, and an hour. */
const T = 134_168_328_000_000_000n
const HOUR = 36_000_000_000n

const ENTRIES: readonly TestEntry[] = [
  {
    path: 'C:\\Users\\ana\\plan.docx',
    used: T,
    host: 'ws-fin-07',
    lnk: makeLnk({ path: 'C:\\Users\\ana\\plan.docx' }),
  },
  {
    path: 'C:\\Users\\ana\\list.xlsx',
    used: T + HOUR,
    host: 'ws-fin-07',
    lnk: makeLnk({ path: 'C:\\Users\\ana\\list.xlsx' }),
  },
]

describe('an automatic jump list', () => {
  it.each([1, 3, 4])('of version %i has an event for each use, and its shortcuts', async (version) => {
    const { events, rejects } = await readArtefact(makeAutomatic(ENTRIES, version))
    expect(
      events.map((event) => [
        event['data_type'],
        event['path'] ?? event['local_path'],
        event['timestamp_desc'],
        event['at'],
      ]),
    ).toEqual([
      [
        'olecf:dest_list:entry',
        'C:\\Users\\ana\\plan.docx',
        'Content Modification Time',
        1_772_359_200_000_000n,
      ],
      [
        'olecf:dest_list:entry',
        'C:\\Users\\ana\\list.xlsx',
        'Content Modification Time',
        1_772_362_800_000_000n,
      ],
      [
        'windows:lnk:link',
        'C:\\Users\\ana\\plan.docx',
        'Content Modification Time; Creation Time; Last Access Time',
        1_772_359_200_000_000n,
      ],
      [
        'windows:lnk:link',
        'C:\\Users\\ana\\list.xlsx',
        'Content Modification Time; Creation Time; Last Access Time',
        1_772_359_200_000_000n,
      ],
    ])
    expect(events[0]).toMatchObject({ hostname: 'ws-fin-07', entry_number: 1, pin_status: -1 })
    expect(rejects).toEqual([])
  })

  it('is told from other OLE documents', async () => {
    const other = makeAutomatic([])
    other.write('SomeList', other.indexOf(Buffer.from('DestList', 'utf16le')), 'utf16le')
    await expect(readArtefact(other)).rejects.toThrow(/found an OLE document/)
  })

  it('takes each sector of its table once, however often it is named', async () => {
    const { events, rejects } = await readArtefact(makeKnottedCompound(40))
    expect(events).toEqual([])
    expect(rejects).toEqual([expect.stringMatching(/^truncated .*its list cannot be found$/)])
  })

  it('reads its bytes twice at most, where its streams share them, and says so', async () => {
    const list = makeAutomatic(
      Array.from({ length: 30 }, (_, i) => ({
        path: `C:\\${i}`,
        used: T,
        host: 'h',
        lnk: makeLnk({ path: `C:\\${i}` }),
      })),
    )
    // Every shortcut begins where the first one does and goes on to the end of the small sectors.
    const directory = list.indexOf(Buffer.from('Root Entry', 'utf16le'))
    const first = list.readUInt32LE(directory + 2 * 128 + 116)
    const root = list.readUInt32LE(directory + 120)
    for (let i = 2; i < 32; i++) {
      list.writeUInt32LE(first, directory + i * 128 + 116)
      list.writeUInt32LE(4095, directory + i * 128 + 120)
    }
    const small = list.readUInt32LE(60)
    for (let i = first; i < root / 64 - 1; i++) list.writeUInt32LE(i + 1, (small + 1) * 512 + i * 4)
    const { events, rejects } = await readArtefact(list)
    const shortcuts = events.filter((event) => event['data_type'] === 'windows:lnk:link')
    expect(shortcuts.length).toBeGreaterThan(0)
    expect(shortcuts.length).toBeLessThan(30)
    expect(rejects.at(-1)).toMatch(/^over-limit .* are not read: those before have more bytes than the file$/)
  })

  it('comes to an end wherever it is cut off, and whatever stands in it', () => {
    const whole = makeAutomatic(ENTRIES)
    const read = (bytes: Buffer): number => {
      const mapping = planMapping(AUTOMATIC_JUMP_LIST_FORMAT, {})
      const writer = new RowWriter(mapping, { times: 'all' })
      AUTOMATIC_JUMP_LIST_FORMAT.read(
        bytes,
        new ArtefactSink(writer, undefined, ['last_used_time', 'creation_time']),
      )
      return writer.harvest().read
    }
    for (let size = 100; size < whole.length; size += 131)
      expect(read(whole.subarray(0, size))).toBeGreaterThan(0)
    for (let at = 24; at < 1200; at += 3) {
      const damaged = Buffer.from(whole)
      damaged[at] = 255 - damaged[at]!
      expect(read(damaged)).toBeGreaterThan(0)
    }
  })
})

describe('a jump list of a program', () => {
  const LIST = makeCustom(ENTRIES.map(({ lnk }) => lnk))

  it('has the shortcuts in it', async () => {
    const { events, rejects } = await readArtefact(LIST)
    expect(events.map((event) => [event['data_type'], event['local_path']])).toEqual([
      ['windows:lnk:link', 'C:\\Users\\ana\\plan.docx'],
      ['windows:lnk:link', 'C:\\Users\\ana\\list.xlsx'],
    ])
    expect(rejects).toEqual([])
  })

  it('may be empty', async () => {
    const { events, rejects } = await readArtefact(Buffer.from('020000000000000000000000', 'hex'))
    expect([events, rejects]).toEqual([[], []])
  })

  it('that is cut off says so, and has what stands before', async () => {
    const { events, rejects } = await readArtefact(LIST.subarray(0, -200))
    expect(events).toHaveLength(2)
    expect(rejects.length).toBeGreaterThan(0)
  })
})
