import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { readArtefact } from '../artefacts/testing/read-artefact.ts'

/** Writes a $I file; the deletion is at 2026-03-01T10:00:00Z. */
function makeEntry(version: 1 | 2, path: string): Buffer {
  const name = Buffer.from(`${path}\0`, 'utf16le')
  const bytes = Buffer.alloc(version === 1 ? 544 : 28 + name.length)
  bytes.writeUInt32LE(version)
  bytes.writeBigUInt64LE(5_000_000_000n, 8)
  bytes.writeBigUInt64LE(134_168_328_000_000_000n, 16)
  if (version === 2) bytes.writeUInt32LE(path.length + 1, 24)
  name.copy(bytes, version === 1 ? 24 : 28)
  return bytes
}

describe('an entry of the recycle bin', () => {
  it.each([1, 2] as const)(
    'of version %i has its path, its size and when it was deleted',
    async (version) => {
      const { events, rejects } = await readArtefact(makeEntry(version, 'C:\\Users\\ana\\secret.zip'))
      expect(events).toMatchObject([
        {
          data_type: 'windows:metadata:deleted_item',
          original_filename: 'C:\\Users\\ana\\secret.zip',
          file_size: 5_000_000_000,
          timestamp_desc: 'Content Deletion Time',
          at: 1_772_359_200_000_000n,
        },
      ])
      expect(rejects).toEqual([])
    },
  )

  it('is read as far as it goes where it is cut off', async () => {
    const whole = makeEntry(2, 'C:\\Users\\ana\\secret.zip')
    for (let size = 32; size < whole.length; size += 5) {
      const { events, rejects } = await readArtefact(whole.subarray(0, size))
      expect(events).toHaveLength(1)
      expect(rejects).toEqual([expect.stringMatching(/^truncated /)])
    }
  })

  it('is not made of other files that begin with a 1 or a 2', async () => {
    const other = Buffer.alloc(600)
    other.writeUInt32LE(2)
    await expect(readArtefact(other)).rejects.toThrow(/cannot read/)
  })
})
