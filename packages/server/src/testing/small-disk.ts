import { execFile } from 'node:child_process'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { makeTemporaryDirectory } from './temporary-system.ts'

const run = promisify(execFile)

/** A disk of its own that can be filled to the last byte. For tests. */
export interface SmallDisk extends AsyncDisposable {
  readonly directory: string
  /** Leaves no byte free. */
  fill(): Promise<void>
  /** Undoes `fill`; does nothing when the disk is not filled. */
  free(): Promise<void>
}

/** Mounts a disk of 48 MB in memory; undefined where this user may not. */
export async function mountSmallDisk(): Promise<SmallDisk | undefined> {
  const directory = await makeTemporaryDirectory()
  try {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', directory])
  } catch {
    // No such command, or not allowed.
    await rm(directory, { recursive: true })
    return undefined
  }
  const filling = join(directory, 'filling')
  return {
    directory,
    async fill() {
      await using file = await open(filling, 'w')
      const page = new Uint8Array(4096)
      for (;;) {
        const { bytesWritten } = await file.write(page).catch(toNoBytes)
        if (bytesWritten === 0) return
      }
    },
    free: () => rm(filling, { force: true }),
    async [Symbol.asyncDispose]() {
      await run('umount', [directory])
      await rm(directory, { recursive: true })
    },
  }
}

function toNoBytes(error: unknown): { bytesWritten: number } {
  if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return { bytesWritten: 0 }
  throw error
}
