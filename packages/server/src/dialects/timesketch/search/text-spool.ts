import { randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Characters of one write. */
const BLOCK_CHARACTERS = 256 * 1024

/** Text that was made whole before any of it is given away, kept in a file without a name: nothing is left of it after a crash. */
export class TextSpool implements AsyncDisposable {
  readonly #file: FileHandle

  private constructor(file: FileHandle) {
    this.#file = file
  }

  /** @param folder - Made where it is not there. */
  static async of(pieces: AsyncIterable<string>, folder: string): Promise<TextSpool> {
    await mkdir(folder, { recursive: true })
    const path = join(folder, `${randomUUID()}.spool`)
    const file = await open(path, 'wx+', 0o600)
    try {
      await rm(path)
      let block = ''
      for await (const piece of pieces) {
        block += piece
        if (block.length < BLOCK_CHARACTERS) continue
        await file.appendFile(block)
        block = ''
      }
      if (block !== '') await file.appendFile(block)
      return new TextSpool(file)
    } catch (error) {
      await file.close()
      throw error
    }
  }

  read(): AsyncIterable<string> {
    return this.#file.createReadStream({
      start: 0,
      encoding: 'utf8',
      autoClose: false,
      highWaterMark: BLOCK_CHARACTERS,
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close()
  }
}
