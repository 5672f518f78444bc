import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { previewEvidence } from './preview-evidence.ts'

/** A body without an end that counts what was taken of it. */
function makeBody(beginning: string) {
  const taken = { bytes: 0 }
  async function* stream(): AsyncGenerator<Uint8Array> {
    const first = new TextEncoder().encode(beginning)
    for (;;) {
      const part = taken.bytes === 0 ? first : new Uint8Array(64 * 1024).fill(10)
      taken.bytes += part.length
      yield part
    }
  }
  return { stream: stream(), taken }
}

const MAX_BYTES = 4 * 1024 * 1024

test('an archive that does not end is read up to the limit only, and nothing of it is left', async () => {
  const spoolDirectory = await mkdtemp(join(tmpdir(), 'preview-'))
  onTestFinished(() => rm(spoolDirectory, { recursive: true }))
  const { stream, taken } = makeBody('PK\u0003\u0004 and more')
  await expect(
    previewEvidence({ stream, name: 'big.zip' }, { maxBytes: MAX_BYTES, spoolDirectory }),
  ).rejects.toMatchObject({
    kind: 'too-large',
    code: 'preview-too-large',
    message: expect.stringContaining('MAX_PREVIEW_BYTES') as string,
  })
  expect(taken.bytes).toBeLessThan(MAX_BYTES + 128 * 1024)
  expect(await readdir(spoolDirectory)).toEqual([])
})

test('of a text without an end the beginning is enough', async () => {
  const { stream } = makeBody('datetime,message\n2024-01-01T00:00:00Z,hello\n')
  const { files } = await previewEvidence({ stream, name: 'long.csv' }, { maxBytes: MAX_BYTES })
  expect(files[0]?.rows[0]?.message).toBe('hello')
})
