import { open } from 'node:fs/promises'
import { dirname } from 'node:path'

/** What was written to a file is on the disk when this resolves, and the file's name with it. */
export async function syncFile(path: string): Promise<void> {
  await sync(path, 'r+')
  // Where directories cannot be opened the file system does that by itself.
  if (process.platform !== 'win32') await sync(dirname(path), 'r')
}

async function sync(path: string, flags: string): Promise<void> {
  const file = await open(path, flags)
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
