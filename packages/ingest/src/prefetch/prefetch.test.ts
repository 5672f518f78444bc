import { describe, expect, it } from 'vitest'
import { readArtefact } from '../artefacts/testing/read-artefact.ts'
import { makePrefetch, packPrefetch, type TestPrefetch } from './testing/prefetch-writer.ts'

/** FILETIME of 2026-03-01T10:00:00Z, and an hour. */
const T = 134_168_328_000_000_000n
const HOUR = 36_000_000_000n
const US = 1_772_359_200_000_000n

const EVIL: TestPrefetch = {
  version: 30,
  executable: 'EVIL.EXE',
  runCount: 3,
  runTimes: [T, T - HOUR],
  files: ['\\VOLUME{01d9}\\WINDOWS\\NTDLL.DLL', '\\VOLUME{01d9}\\TEMP\\EVIL.EXE'],
  volume: { path: '\\VOLUME{01d9}', created: T - 1000n * HOUR, serial: 0x1234abcd },
}

describe('a prefetch file', () => {
  it.each([17, 23, 26, 30, 31] as const)(
    'of version %i has an event for each run that it knows, and one for its volume',
    async (version) => {
      const runTimes = version < 26 ? [T] : EVIL.runTimes
      const { events, rejects } = await readArtefact(makePrefetch({ ...EVIL, version, runTimes }))
      const runs = events.filter((event) => event['data_type'] === 'windows:prefetch:execution')
      expect(runs.map((event) => [event['timestamp_desc'], event['at']])).toEqual([
        ['Last Time Executed', US],
        ...(version < 26 ? [] : [['Previous Last Time Executed', US - 3_600_000_000n]]),
      ])
      expect(runs[0]).toMatchObject({
        executable: 'EVIL.EXE',
        run_count: 3,
        prefetch_hash: 0xdeadbeef,
        path_hints: ['\\TEMP\\EVIL.EXE'],
        volume_device_paths: ['\\VOLUME{01d9}'],
        volume_serial_numbers: [0x1234abcd],
        mapped_files: version === 17 ? EVIL.files : EVIL.files.map((file, i) => `${file} [${1000 + i}-2]`),
        message:
          'Prefetch [EVIL.EXE] was executed - run count 3 path hints: \\TEMP\\EVIL.EXE hash: 0xDEADBEEF volume: 1 [serial number: 0x1234ABCD, device path: \\VOLUME{01d9}]',
      })
      expect(events.at(-1)).toMatchObject({
        data_type: 'windows:volume:creation',
        timestamp_desc: 'Creation Time',
        serial_number: 0x1234abcd,
      })
      expect(rejects).toEqual([])
    },
  )

  it('is unpacked where Windows packed it', async () => {
    const plain = makePrefetch(EVIL)
    expect((await readArtefact(packPrefetch(plain))).events).toEqual((await readArtefact(plain)).events)
  })

  it('is read as far as it goes where it is cut off, packed or not, and says so', async () => {
    const plain = makePrefetch(EVIL)
    for (const whole of [plain, packPrefetch(plain)]) {
      for (let size = 9; size < whole.length; size += 53) {
        const { rejects, account } = await readArtefact(whole.subarray(0, size))
        expect(account.read).toBeGreaterThan(0)
        // The last bytes are the volume's name, and zeros.
        if (size < whole.length - 40) expect(rejects.length).toBeGreaterThan(0)
      }
    }
  })

  it('of an unknown version says which', async () => {
    const bytes = makePrefetch(EVIL)
    bytes.writeUInt32LE(99)
    expect((await readArtefact(bytes)).rejects).toEqual([expect.stringMatching(/^bad-record .* found 99$/)])
  })
})
