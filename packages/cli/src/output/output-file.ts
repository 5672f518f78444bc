import { open, realpath, rename, rm, stat } from 'node:fs/promises'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'

/** A file that is being written: under another name first, so that a reader never finds half of it. */
export interface OutputFile {
  /** Where to write. */
  readonly path: string
  /** Puts what was written, once it is on the disk, into its place. */
  finish(): Promise<void>
  /** Leaves nothing behind. */
  discard(): Promise<void>
}

/**
 * Finds out how a file is to be written: beside its place and then moved there; behind a symbolic link, in the place that the
 * link names; a device or a pipe straight, as there is nothing to put in its place.
 *
 * @param kind - What `straight` output is refused for, if it has to be gone back in: "Parquet".
 * @throws {CliError} For a directory, and for devices and pipes where `kind` is given.
 */
export async function openOutputFile(path: string, kind?: string): Promise<OutputFile> {
  const place = await realpath(path).catch(() => path)
  const info = await stat(place).catch(() => undefined)
  if (info?.isDirectory())
    throw new CliError(`cannot write ${path}: it is a directory; name a file`, EXIT.cannotWrite)
  if (info && !info.isFile()) {
    if (kind !== undefined)
      throw new CliError(`${kind} cannot be written to a device or a pipe (${path}); name a file`, EXIT.usage)
    return { path: place, finish: async () => {}, discard: async () => {} }
  }
  const partial = `${place}.partial`
  return {
    path: partial,
    finish: async () => {
      await using file = await open(partial, 'r+')
      await file.sync()
      await rename(partial, place)
    },
    discard: async () => {
      await rm(partial, { force: true })
    },
  }
}

/** A text that is written as a whole, to a place that was tried before the work that makes the text. */
export interface TextFile extends AsyncDisposable {
  /** Once at most. */
  write(text: string): Promise<void>
}

/**
 * Opens a file for a text; whatever stands there stays until the text is written.
 *
 * @throws {CliError} When nothing can be written there.
 */
export async function openTextFile(path: string): Promise<TextFile> {
  const output = await openOutputFile(path)
  const file = await open(output.path, 'w').catch((error: unknown) => {
    throw cannotWrite(path, error)
  })
  return {
    async write(text) {
      try {
        await file.writeFile(text)
        await output.finish()
      } catch (error) {
        throw cannotWrite(path, error)
      }
    },
    async [Symbol.asyncDispose]() {
      await file.close()
      await output.discard()
    },
  }
}

/** The failure that is told when a file cannot be written. */
export function cannotWrite(path: string, error: unknown): CliError {
  const problem = error instanceof Error ? error.message : String(error)
  return new CliError(`cannot write ${path}: ${problem}`, EXIT.cannotWrite, { cause: error })
}
