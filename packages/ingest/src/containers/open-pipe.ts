import { constants, open } from 'node:fs'
import { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'

const openFile = promisify(open)

/**
 * Opens a named pipe (FIFO) for reading and does not wait for its writer, for which opening it as a file would wait where nothing can
 * end it. What it gives ends when its last writer closes it.
 *
 * @param signal - Ends the reading, also while nobody writes; the reading then throws an `AbortError`.
 * @returns The caller's to destroy.
 */
export async function openPipe(path: string, signal?: AbortSignal): Promise<Readable> {
  const fd = await openFile(path, constants.O_RDONLY | constants.O_NONBLOCK)
  return new Socket({ fd, readable: true, writable: false, ...(signal === undefined ? {} : { signal }) })
}
