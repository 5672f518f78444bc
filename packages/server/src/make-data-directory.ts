import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DomainError } from './errors/domain-error.ts'

/**
 * Makes a data directory and the folders above it (readable for their owner only) where they are not there.
 *
 * Node's own way of making folders above others tries for ever where a folder takes none, as below /proc.
 *
 * @throws {DomainError} See `cannotUseDataDirectory`.
 */
export async function makeDataDirectory(directory: string): Promise<void> {
  try {
    await makeFolder(directory)
  } catch (error) {
    throw cannotUseDataDirectory(directory, error)
  }
}

/**
 * Why a data directory cannot be used, in a sentence that names the place and says what to do.
 *
 * @param error - What the file system said.
 * @returns `forbidden` (`data-directory-forbidden`) when this user may not; else `unavailable` (`data-directory-unusable`).
 */
export function cannotUseDataDirectory(directory: string, error: unknown): DomainError {
  const { code, path } = error as NodeJS.ErrnoException
  const isForbidden = code === 'EACCES' || code === 'EPERM'
  // What stands in the directory is ours: the caller knows the directory.
  const place = path === undefined || path.startsWith(directory) ? directory : path
  return new DomainError(
    isForbidden ? 'forbidden' : 'unavailable',
    isForbidden ? 'data-directory-forbidden' : 'data-directory-unusable',
    `Cannot use ${directory} as data directory: ${describe(code, place, error)}. Name another with --data or $SKEIN_DATA, or mend this one.`,
    { cause: error, details: { directory } },
  )
}

function describe(code: string | undefined, place: string, error: unknown): string {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return `this user may not write ${place} (${code})`
    case 'ENOTDIR':
    case 'EEXIST':
      return `expected a folder, found something else on the way to ${place} (${code})`
    case 'ENOENT':
      return `no folder can be made at ${place} (${code})`
    case 'EROFS':
      return `${place} is on a file system that can only be read (${code})`
    case 'ENOSPC':
    case 'EDQUOT':
      return `there is no room left at ${place} (${code})`
    default:
      return error instanceof Error ? error.message : String(error)
  }
}

async function makeFolder(path: string): Promise<void> {
  const parent = dirname(path)
  try {
    await mkdir(path, { mode: 0o700 })
    return
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' && (await isFolder(path))) return
    if (code !== 'ENOENT' || parent === path || (await isFolder(parent))) throw error
  }
  await makeFolder(parent)
  await makeFolder(path)
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}
