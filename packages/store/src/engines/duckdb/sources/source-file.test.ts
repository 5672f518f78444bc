import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { SourceFile } from './source-file.ts'

let directory: string
let file: SourceFile
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'timeskein-source-'))
  file = await SourceFile.open(join(directory, 'x.1.source'), 0)
})
afterEach(async () => {
  await file.close()
  await rm(directory, { recursive: true })
})

it('reads short and long pieces, each what was written there', async () => {
  const bytes = Uint8Array.from({ length: 300_000 }, (_, at) => at * 7)
  await file.append([bytes.subarray(0, 100), bytes.subarray(100)])
  const places = [0, 99, 70_000].flatMap((at) =>
    [1, 65_536, 65_537, 200_000].map((size) => [at, size] as const),
  )
  const read = await Promise.all(places.map(([at, size]) => file.read(at, size)))
  for (const [i, [at, size]] of places.entries())
    expect(Buffer.compare(read[i]!, bytes.subarray(at, at + size)), `${size} bytes at ${at}`).toBe(0)
})

it('says so when the file ends before what is asked for', async () => {
  await file.append([new Uint8Array(100_000)])
  await expect(file.read(99_999, 2)).rejects.toMatchObject({ code: 'corrupt' })
  await expect(file.read(0, 100_001)).rejects.toMatchObject({ code: 'corrupt' })
})
