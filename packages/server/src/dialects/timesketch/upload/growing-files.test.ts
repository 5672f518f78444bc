import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { expect, onTestFinished, test } from 'vitest'
import { GrowingFiles } from './growing-files.ts'

const NAME = 'somebody'

/** A folder of files that grow, and how its chunks are sent. */
async function openFolder(bootMark?: string) {
  const folder = await mkdtemp(join(tmpdir(), 'growing-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const files = new GrowingFiles(folder, bootMark)
  const begin = (index: number, byteOffset: number, totalChunks: number, totalBytes: number) =>
    files.begin(NAME, { name: NAME, index, byteOffset, totalChunks }, totalBytes)
  let sent = 0
  return {
    folder,
    begin,
    async send(index: number, byteOffset: number, text: string, totalChunks: number, totalBytes: number) {
      const path = join(folder, `part-${sent++}`)
      await writeFile(path, text)
      try {
        const chunk = await begin(index, byteOffset, totalChunks, totalBytes)
        await chunk.move(path)
        return await chunk.take(text.length)
      } finally {
        await rm(path, { force: true })
      }
    },
  }
}

test('chunks are put together, and the first one begins anew', async () => {
  const { send, folder } = await openFolder()
  await expect(send(1, 5, 'world', 2, 11)).rejects.toThrow('came before the first one')
  await send(0, 0, 'a longer one from before', 2, 30)
  await send(0, 0, 'hello', 2, 11)
  const whole = await send(1, 5, ' world', 2, 11)
  await send(0, 0, 'another of that name', 2, 30)
  expect(await readFile(whole!, 'utf8')).toBe('hello world')
  expect((await readdir(folder)).length).toBe(3)
})

test('a chunk that ends behind its file is refused, and leaves nothing of itself in it', async () => {
  const { send } = await openFolder()
  await send(0, 0, 'hello', 2, 11)
  await expect(send(1, 5, ' worldwide', 2, 11)).rejects.toThrow('ends at byte 15 of a file of 11')
  expect(await readFile((await send(1, 5, ' world', 2, 11))!, 'utf8')).toBe('hello world')
})

test('a chunk that is refused, or breaks off, does no harm to one that came to its place before', async () => {
  const { send, begin, folder } = await openFolder()
  await send(0, 0, 'one', 3, 9)
  await send(1, 3, 'two', 3, 9)
  await expect(send(1, 3, 'TOO MANY', 3, 9)).rejects.toThrow('ends at byte 11 of a file of 9')
  const broken = await begin(1, 3, 3, 9)
  await new Promise((resolve) => broken.write().write('XX', resolve))
  await broken.discard()
  const whole = await send(2, 6, 'end', 3, 9)
  expect(await readFile(whole!, 'utf8')).toBe('onetwoend')
  expect((await readdir(folder)).map((name) => join(folder, name))).toEqual([whole])
})

test('of a chunk that is sent twice the one that is taken last counts, from its first byte to its last', async () => {
  const { send } = await openFolder()
  await send(0, 0, 'one', 3, 9)
  await send(1, 3, 'old', 3, 9)
  await send(1, 3, 'new', 3, 9)
  expect(await readFile((await send(2, 6, 'end', 3, 9))!, 'utf8')).toBe('onenewend')
})

test('a chunk is sent again while its first try hangs, which is given up', async () => {
  const { send, begin } = await openFolder()
  await send(0, 0, 'one', 3, 9)
  const hanging = await begin(1, 3, 3, 9)
  const connection = new PassThrough()
  const reading = pipeline(connection, hanging.write(), { signal: hanging.signal })
  reading.catch(() => {})
  await new Promise((resolve) => connection.write('t', resolve))
  await send(1, 3, 'two', 3, 9)
  await expect(reading).rejects.toMatchObject({ name: 'AbortError' })
  expect(hanging.signal.reason).toMatchObject({
    status: 400,
    message: expect.stringContaining('was given up') as string,
  })
  await hanging.discard()
  expect(await readFile((await send(2, 6, 'end', 3, 9))!, 'utf8')).toBe('onetwoend')
})

test('the last chunk ends what still hangs on its connection', async () => {
  const { send, begin } = await openFolder()
  await send(0, 0, 'one', 2, 6)
  const hanging = await begin(1, 3, 2, 6)
  const reading = pipeline(new PassThrough(), hanging.write(), { signal: hanging.signal })
  reading.catch(() => {})
  const whole = await send(1, 3, 'two', 2, 6)
  await expect(reading).rejects.toMatchObject({ name: 'AbortError' })
  expect(await readFile(whole!, 'utf8')).toBe('onetwo')
})

test('a file of another size than was told is refused and forgotten', async () => {
  const { send, folder } = await openFolder()
  await send(0, 0, 'hello', 2, 11)
  await expect(send(1, 5, 'world', 2, 11)).rejects.toMatchObject({
    status: 400,
    message: 'Unable to save file correctly, inconsistent file size (11 but should have been 10)',
  })
  expect(await readdir(folder)).toEqual([])
})

test('the last chunk is not taken while one before it is missing, and is taken after that has come', async () => {
  const { send, folder } = await openFolder()
  await send(0, 0, 'one', 4, 12)
  await send(2, 6, 'six', 4, 12)
  await expect(send(3, 9, 'end', 4, 12)).rejects.toMatchObject({
    status: 400,
    message: expect.stringContaining('but not bytes 3 to 5 of 12.') as string,
  })
  await send(1, 3, 'two', 4, 12)
  await send(1, 3, 'two', 4, 12)
  const whole = await send(3, 9, 'end', 4, 12)
  expect(await readFile(whole!, 'utf8')).toBe('onetwosixend')
  expect((await readdir(folder)).map((name) => join(folder, name))).toEqual([whole])
  await send(0, 0, 'one', 4, 12)
  await expect(send(3, 9, 'end', 4, 12)).rejects.toThrow('but not bytes 3 to 8 of 12')
})

test('a chunk that broke off does not count', async () => {
  const { send, begin } = await openFolder()
  await send(0, 0, 'one', 3, 9)
  const broken = await begin(1, 3, 3, 9)
  const target = broken.write()
  await new Promise<void>((resolve) => target.end('tw', resolve))
  await broken.discard()
  await expect(send(2, 6, 'end', 3, 9)).rejects.toThrow('but not bytes 3 to 5 of 9')
})

test('what is being written when its file is begun anew does not get into the new one', async () => {
  const { send, begin } = await openFolder()
  await send(0, 0, 'one', 2, 6)
  const late = await begin(1, 3, 2, 6)
  const target = late.write()
  await new Promise((resolve) => target.write('OLD', resolve))
  await send(0, 0, 'two', 2, 6)
  await expect(late.take(3)).rejects.toThrow('was given up')
  expect(await readFile((await send(1, 3, 'new', 2, 6))!, 'utf8')).toBe('twonew')
})

test('what is still being written when a file is complete does not get into it', async () => {
  const { send, begin } = await openFolder()
  await send(0, 0, 'one', 2, 6)
  const late = await begin(1, 3, 2, 6)
  const target = late.write()
  target.on('error', () => {})
  const whole = await send(1, 3, 'two', 2, 6)
  expect(late.signal.aborted).toBe(true)
  const failure = await new Promise((resolve) => target.write('LATE', resolve))
  expect(failure).toBeInstanceOf(Error)
  expect(await readFile(whole!, 'utf8')).toBe('onetwo')
})

test('an upload goes on after a new start of the server, and is asked for again after one of the machine', async () => {
  const before = await openFolder('run-1')
  await before.send(0, 0, 'one', 2, 6)
  const goOn = async (bootMark: string | undefined) => {
    const files = new GrowingFiles(before.folder, bootMark)
    const chunk = await files.begin(NAME, { name: NAME, index: 1, byteOffset: 3, totalChunks: 2 }, 6)
    await new Promise<void>((resolve) => chunk.write().end('two', resolve))
    return await chunk.take(3)
  }
  await expect(goOn('run-2')).rejects.toThrow('but not bytes 0 to 2 of 6')
  expect(await readFile((await goOn('run-1'))!, 'utf8')).toBe('onetwo')
})
