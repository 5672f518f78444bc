import { randomUUID } from 'node:crypto'
import { openAsBlob } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { FileAccess } from '../files/file-access.ts'

/** Files of this machine. */
export const nodeFiles: FileAccess = {
  async write(path) {
    const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.part`)
    const file = await open(temporary, 'wx')
    return new WritableStream<Uint8Array>({
      async write(bytes) {
        await file.writeFile(bytes)
      },
      async close() {
        await file.sync()
        await file.close()
        await rename(temporary, path)
      },
      async abort() {
        await file.close()
        await rm(temporary, { force: true })
      },
    })
  },
  async open(path) {
    return { name: basename(path), blob: await openAsBlob(path) }
  },
}
