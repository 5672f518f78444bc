import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { expect, onTestFinished, test } from 'vitest'
import { FileWriter } from './file-writer.ts'

async function makePath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'writer-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return join(folder, 'file')
}

function ownPiece(text: string): Buffer {
  const bytes = Buffer.from(text)
  const piece = Buffer.from(new ArrayBuffer(bytes.length))
  bytes.copy(piece)
  return piece
}

test('memory that is all of a piece is given back when it is written, what others have a part of is left alone', async () => {
  const path = await makePath()
  const memory = new ArrayBuffer(4096)
  const own = Buffer.from(memory).fill('o')
  const shared = ownPiece('shared,neighbour')
  const writer = new FileWriter(await open(path, 'wx'))
  await pipeline(Readable.from([own, shared.subarray(0, 7), ownPiece('last')]), writer)
  expect(await readFile(path, 'utf8')).toBe(`${'o'.repeat(4096)}shared,last`)
  expect(memory.detached).toBe(true)
  expect(shared.toString('utf8', 7)).toBe('neighbour')
})

test('what the system writes in part is written to its end', async () => {
  const path = await makePath()
  const file = await open(path, 'wx')
  const asked: number[] = []
  Object.assign(file, {
    writev: async (pieces: readonly Buffer[], position: number) => {
      asked.push(pieces.length)
      // The system takes five bytes at a time.
      return await file.write(Buffer.concat(pieces).subarray(0, 5), 0, undefined, position)
    },
  })
  const writer = new FileWriter(file, 2, true)
  writer.cork()
  for (const text of ['first', 'second', 'third']) writer.write(ownPiece(text))
  writer.uncork()
  await new Promise<void>((resolve) => writer.end(resolve))
  expect((await readFile(path)).toString('latin1')).toBe('\0\0firstsecondthird')
  expect(asked).toEqual([3, 2, 2, 1])
})
