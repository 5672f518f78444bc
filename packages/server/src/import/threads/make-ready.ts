import type { ExpectedImport } from '../import-service.ts'
import { MAX_BYTES_HERE } from '../limits.ts'
import type { StretchPool } from './stretch-pool.ts'

/** Readers that are made ready earlier have ended again before a slow upload has. */
const MAX_BYTES_TO_COME = 256 * 1024 * 1024

/** Loads readers and starts threads while a file is being received that needs them. */
export function makeReady(pool: StretchPool, { sizeBytes, bytesToCome }: ExpectedImport): void {
  if (sizeBytes <= MAX_BYTES_HERE || bytesToCome > MAX_BYTES_TO_COME) return
  pool.prepare()
  import('../input/read-input.ts').catch(() => {
    // The import will load them again, and tell why it cannot.
  })
}
