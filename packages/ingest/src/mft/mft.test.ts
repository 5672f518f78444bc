import { Buffer } from 'node:buffer'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readArtefact } from '../artefacts/testing/read-artefact.ts'
import { readEvidence } from '../pipeline/read-evidence.ts'
import { makeMft, type TestEntry } from './testing/mft-writer.ts'

/** FILETIME of 2026-03-01T10:00:00Z, and an hour. */
const T = 134_168_328_000_000_000n
const HOUR = 36_000_000_000n
const SAME = [T, T, T, T] as const

const ROOT: TestEntry = {
  number: 5,
  sequence: 5,
  isFolder: true,
  names: [{ name: '.', parent: 5, parentSequence: 5 }],
  times: SAME,
}
const WINDOWS: TestEntry = {
  number: 40,
  isFolder: true,
  names: [{ name: 'Windows', parent: 5, parentSequence: 5 }],
  times: SAME,
}

describe('a $MFT', () => {
  it('has an event for each time of each name and of the file itself, equal times being one', async () => {
    const file: TestEntry = {
      number: 41,
      sequence: 3,
      names: [{ name: 'evil.exe', parent: 40, times: SAME }],
      times: [T - HOUR, T, T + HOUR, T],
      streams: ['', 'Zone.Identifier'],
    }
    const { events, rejects, constants } = await readArtefact(makeMft([ROOT, WINDOWS, file]))
    const own = events.filter((event) => event['file_reference'] === '41-3')
    expect(own.map((event) => [event['message'], event['timestamp_desc'], event['at']])).toEqual([
      [
        '\\Windows\\evil.exe [$FILE_NAME]',
        'Creation Time; Content Modification Time; Metadata Modification Time; Last Access Time',
        1_772_359_200_000_000n,
      ],
      ['\\Windows\\evil.exe [$STANDARD_INFORMATION]', 'Creation Time', 1_772_355_600_000_000n],
      [
        '\\Windows\\evil.exe [$STANDARD_INFORMATION]',
        'Content Modification Time; Last Access Time',
        1_772_359_200_000_000n,
      ],
      ['\\Windows\\evil.exe [$STANDARD_INFORMATION]', 'Metadata Modification Time', 1_772_362_800_000_000n],
    ])
    expect(own[0]).toMatchObject({
      attribute_type: 48,
      name: 'evil.exe',
      parent_file_reference: '40-1',
      path_hints: ['\\Windows\\evil.exe'],
      is_allocated: true,
      creation_time: '2026-03-01T10:00:00.0000000Z',
    })
    expect(own[1]).toMatchObject({
      attribute_type: 16,
      path_hints: ['\\Windows\\evil.exe', '\\Windows\\evil.exe:Zone.Identifier'],
    })
    expect(constants).toMatchObject({ data_type: 'fs:stat:ntfs' })
    expect(rejects).toEqual([])
  })

  it('tells deleted files, and files of folders that are gone', async () => {
    const gone: TestEntry = {
      number: 42,
      isUsed: false,
      names: [{ name: 'a', parent: 40, parentSequence: 9 }],
      times: SAME,
    }
    const { events } = await readArtefact(makeMft([ROOT, WINDOWS, gone]))
    const own = events.find((event) => event['file_reference'] === '42-1')
    expect(own).toMatchObject({ message: '\\$Orphan\\a (deleted) [$FILE_NAME]', is_allocated: false })
  })

  it('follows folders that stand behind their files, and does not follow loops', async () => {
    const file: TestEntry = { number: 6, names: [{ name: 'f', parent: 40 }], times: SAME }
    const loop = (number: number, parent: number): TestEntry => ({
      number,
      isFolder: true,
      names: [{ name: `l${number}`, parent }],
      times: SAME,
    })
    const { events } = await readArtefact(makeMft([ROOT, file, WINDOWS, loop(50, 51), loop(51, 50)]))
    const messages = events.map((event) => String(event['message']))
    expect(messages).toContain('\\Windows\\f [$FILE_NAME]')
    expect(messages.every((message) => message.length < 9000)).toBe(true)
  })

  it('has entries without times, and short names beside long ones', async () => {
    const none = [0n, 0n, 0n, 0n] as const
    const file: TestEntry = {
      number: 6,
      names: [
        { name: 'LONGNA~1.TXT', parent: 5, parentSequence: 5, namespace: 2 },
        { name: 'long name.txt', parent: 5, parentSequence: 5 },
      ],
      times: none,
    }
    const { events } = await readArtefact(makeMft([ROOT, file]))
    const own = events.filter((event) => event['file_reference'] === '6-1')
    expect(own.map((event) => [event['name'], event['timestamp_desc']])).toEqual([
      ['LONGNA~1.TXT', 'Not a time'],
      ['long name.txt', 'Not a time'],
      [undefined, 'Not a time'],
    ])
    expect(own[2]?.['path_hints']).toEqual(['\\long name.txt'])
  })

  it('tells of damage by its place, and keeps what stands around it', async () => {
    const table = makeMft([
      ROOT,
      ...[6, 7, 8].map(
        (number): TestEntry => ({
          number,
          names: [{ name: `f${number}`, parent: 5, parentSequence: 5 }],
          times: SAME,
        }),
      ),
    ])
    table.writeUInt16LE(0x1111, 7 * 1024 + 1022)
    const { events, rejects } = await readArtefact(table.subarray(0, -100))
    expect(new Set(events.map((event) => event['name']).filter(Boolean))).toEqual(
      new Set(['$MFT', '.', 'f6']),
    )
    expect(rejects).toEqual([
      expect.stringMatching(/^bad-record offset 7168 /),
      expect.stringMatching(/^truncated offset 8192 .* after 924$/),
    ])
  })

  it('comes to an end whatever stands in it', async () => {
    const table = makeMft([ROOT, WINDOWS, { number: 41, names: [{ name: 'a', parent: 40 }], times: SAME }])
    const base = 41 * 1024
    for (let at = 0; at < 400; at += 9) {
      const damaged = Buffer.from(table)
      damaged[base + at] = damaged[base + at]! ^ (1 + (at % 255))
      const { account } = await readArtefact(damaged)
      expect(account.read).toBeGreaterThan(0)
    }
  })

  it('tells how much of it has been read while it is read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'timeskein-mft-'))
    try {
      const path = join(folder, '$MFT')
      const table = makeMft([ROOT, { ...WINDOWS, number: 3000 }])
      await writeFile(path, table)
      let bytesDone = 0
      const doneAtBatches: number[] = []
      const onProgress = (progress: { readonly bytesDone: number }): void => {
        bytesDone = progress.bytesDone
      }
      for await (const item of readEvidence({ path }, { onProgress, stretchBytes: 64 * 1024 }))
        if (item.kind === 'batch') doneAtBatches.push(bytesDone)
      expect(doneAtBatches[0]).toBeLessThan(table.length)
      expect(doneAtBatches.at(-1)).toBe(table.length)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
