import { cp } from 'node:fs/promises'
import { dirname } from 'node:path'
import { listDataPaths } from '../data-paths.ts'

/**
 * Copies the data directory of a running system as a crash would leave it now; without the cache, whose files come and go, and
 * which nothing needs.
 */
export async function copyRemains(directory: string, target: string): Promise<void> {
  const { cache } = listDataPaths(directory)
  await cp(directory, target, {
    recursive: true,
    filter: (path) => path !== cache && dirname(path) !== cache,
  })
}
