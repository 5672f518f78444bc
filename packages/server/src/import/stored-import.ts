import { createHash } from 'node:crypto'

/**
 * The store's id of the transaction that stores one file of an import: the same whenever it is asked for, so that a start after a
 * crash can ask the store whether it was committed.
 *
 * @param file - Its place in the import's account, from 1.
 * @returns 32 hex digits.
 */
export function nameStoredImport(importId: string, file: number): string {
  return createHash('sha256').update(`${importId}.${file}`).digest('hex').slice(0, 32)
}
