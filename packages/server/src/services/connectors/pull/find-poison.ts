import { isStoreError } from '@timeskein/store'
import { isDomainError } from '../../../errors/domain-error.ts'

/** An item with which something fails that works without it. */
export interface Poison<Item> {
  readonly item: Item
  readonly error: unknown
}

/** So many items do not all happen to be bad: something else is. */
const MANY = 10
/**
 * What SQLite says of itself and the disk, whatever the values: no permission, busy, locked, no memory, read only, interrupted, no
 * input or output, damaged, full, not to be opened, locked by others, no database; https://sqlite.org/rescode.html
 */
const SQLITE_OF_MACHINE: ReadonlySet<number> = new Set([3, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 26])
/** The same of DuckDB, at the beginning of what it says. */
const DUCKDB_OF_MACHINE =
  /^(?:Connection|FATAL|INTERRUPT|IO|Out of Memory|Permission|TransactionContext) Error: /

/**
 * Finds the items with which an attempt fails, by halves: some more attempts for each of them, whatever the number of the others.
 *
 * @param attempt - Leaves no trace, done well or not.
 * @returns Undefined where no item is to blame: it fails with none, with each of many, or the disk or the database does.
 */
export async function findPoison<Item>(
  items: readonly Item[],
  attempt: (items: readonly Item[]) => Promise<void>,
): Promise<readonly Poison<Item>[] | undefined> {
  // The caller knows the first failure, and tells that one.
  if (!(await works(attempt))) return undefined
  const found = await halve(items, attempt)
  return found?.length === items.length && items.length >= MANY ? undefined : found
}

async function halve<Item>(
  items: readonly Item[],
  attempt: (items: readonly Item[]) => Promise<void>,
): Promise<readonly Poison<Item>[] | undefined> {
  if (items.length === 0) return []
  try {
    await attempt(items)
    return []
  } catch (error) {
    if (isOfMachine(error)) return undefined
    // An engine that broke at this item, or at the same time, fails from now on whatever it is given.
    if (items.length === 1) return (await works(attempt)) ? [{ item: items[0]!, error }] : undefined
    const middle = Math.ceil(items.length / 2)
    const first = await halve(items.slice(0, middle), attempt)
    const second = first && (await halve(items.slice(middle), attempt))
    return second && [...first, ...second]
  }
}

/** Whether an attempt is done well without any item. */
async function works<Item>(attempt: (items: readonly Item[]) => Promise<void>): Promise<boolean> {
  try {
    await attempt([])
    return true
  } catch {
    // Whatever it is, no item is to blame for it.
    return false
  }
}

/** What an attempt without items may not meet, as it needs less: disk full, database away, store closed, no memory left, and the like. */
function isOfMachine(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (isDomainError(error)) return true
  if (isStoreError(error)) return error.code !== 'bad-batch'
  if ('errcode' in error && typeof error.errcode === 'number')
    return SQLITE_OF_MACHINE.has(error.errcode & 0xff)
  return DUCKDB_OF_MACHINE.test(error.message) || 'errno' in error
}
