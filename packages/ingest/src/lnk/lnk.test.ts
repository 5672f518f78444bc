import { describe, expect, it } from 'vitest'
import { readArtefact } from '../artefacts/testing/read-artefact.ts'
import { readLnk } from './lnk.ts'
import { makeLnk } from './testing/lnk-writer.ts'

/** FILETIME of 2026-03-01T10:00:00Z, and an hour. */
const T = 134_168_328_000_000_000n
const HOUR = 36_000_000_000n

describe('a shortcut', () => {
  it("has an event for each time of the file that it points to, with that file's place", async () => {
    const { events, rejects } = await readArtefact(
      makeLnk({
        path: 'C:\\Users\\ana\\long document name.docx',
        arguments: '/x "y"',
        times: [T, T + HOUR, T],
      }),
    )
    expect(events.map((event) => [event['timestamp_desc'], event['at']])).toEqual([
      ['Creation Time; Content Modification Time', 1_772_359_200_000_000n],
      ['Last Access Time', 1_772_362_800_000_000n],
    ])
    expect(events[0]).toMatchObject({
      data_type: 'windows:lnk:link',
      local_path: 'C:\\Users\\ana\\long document name.docx',
      link_target: '<My Computer> C:\\Users\\ana\\long document name.docx',
      command_line_arguments: '/x "y"',
      file_size: 4711,
      drive_type: 'Fixed',
      drive_serial_number: 0x1234abcd,
      volume_label: 'System',
      machine_identifier: 'ws-fin-07',
      droid_file_identifier: '11111111-1111-1111-1111-111111111111',
    })
    expect(rejects).toEqual([])
  })

  it('is there without any time, too', async () => {
    const { events } = await readArtefact(makeLnk({ path: 'C:\\a', times: [0n, 0n, 0n] }))
    expect(events).toMatchObject([{ timestamp_desc: 'Not a time', at: 0n, local_path: 'C:\\a' }])
  })

  it('is read as far as it goes where it is cut off, and whatever stands in it', async () => {
    const whole = makeLnk({ path: 'C:\\Users\\ana\\a.docx', arguments: 'x' })
    const { account, rejects } = await readArtefact(whole.subarray(0, whole.length - 150))
    expect([account.read, rejects]).toEqual([2, [expect.stringMatching(/^truncated .* ends in /)]])
    for (let size = 76; size < whole.length - 110; size++) {
      const { fields, problem } = readLnk(whole.subarray(0, size))
      expect(fields['file_size']).toBe(4711)
      expect(problem).toBeDefined()
    }
    for (let at = 20; at < whole.length; at++) {
      const damaged = Buffer.from(whole)
      damaged[at] = 255 - damaged[at]!
      expect(readLnk(damaged).end).toBeLessThanOrEqual(whole.length)
    }
  })
})
