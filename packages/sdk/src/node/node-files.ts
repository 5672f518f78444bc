import { randomUUID } from 'node:crypto'
import { constants, openAsBlob } from 'node:fs'
import { access, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { readErrorCode } from '../errors/connection-error.ts'
import { FileError } from '../errors/file-error.ts'
import type { FileAccess } from '../files/file-access.ts'

/** Files of this machine. */
export const nodeFiles: FileAccess = {
  async write(path) {
    const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.part`)
    const file = await open(temporary, 'wx').catch((cause: unknown) => {
      throw toFileError('write', path, cause)
    })
    return new WritableStream<Uint8Array>({
      async write(bytes) {
        await file.writeFile(bytes).catch((cause: unknown) => {
          throw toFileError('write', path, cause)
        })
      },
      async close() {
        await file.sync()
        await file.close()
        await rename(temporary, path).catch(async (cause: unknown) => {
          await rm(temporary, { force: true })
          throw toFileError('write', path, cause)
        })
      },
      async abort() {
        await file.close()
        await rm(temporary, { force: true })
      },
    })
  },
  async open(path) {
    // A blob of what cannot be read is made all the same, and fails only when it is read.
    await access(path, constants.R_OK).catch((cause: unknown) => {
      throw toFileError('read', path, cause)
    })
    return { name: basename(path), blob: await openAsBlob(path) }
  },
}

/** What the codes of the system mean for who gave a path. */
const REASONS: Readonly<
  Record<string, { readonly write: string; readonly read: string; readonly advice: string }>
> = {
  ENOENT: {
    write: 'its folder is not there',
    read: 'it is not there',
    advice: 'Make the folder, or give another path.',
  },
  ENOTDIR: {
    write: 'its folder is a file',
    read: 'its folder is a file',
    advice: 'Give another path.',
  },
  EISDIR: { write: 'it is a folder', read: 'it is a folder', advice: 'Give the path of a file.' },
  EACCES: {
    write: 'that is not allowed',
    read: 'that is not allowed',
    advice: 'Change the permissions, or give another path.',
  },
  ENOSPC: { write: 'the disk is full', read: 'the disk is full', advice: 'Make room, or give another path.' },
}

function toFileError(what: 'write' | 'read', path: string, cause: unknown): FileError {
  const code = readErrorCode(cause)
  const reason = REASONS[code ?? '']
  const why = reason?.[what] ?? (cause instanceof Error ? cause.message : String(cause))
  const advice = reason?.advice ?? 'Give another path.'
  return new FileError(
    `cannot ${what} ${path}: ${why}${code === undefined ? '' : ` (${code})`}`,
    { path, advice },
    { cause },
  )
}
