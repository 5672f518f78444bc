import { isStoreError } from '@timeskein/store'
import { isDomainError } from '../../../errors/domain-error.ts'

/** An item with which something fails that works without it. */
export interface Poison<Item> {
  readonly item: Item
  readonly error: unknown
}

/** So many items do not all happen to be bad: something else is. */
const MANY = 10
/** What SQLite says of values: too big, against a rule of the table, of another kind. */
const SQLITE_OF_VALUES: ReadonlySet<number> = new Set([18, 19, 20])
/** How DuckDB begins what it says, and what it says of values. */
const DUCKDB = /^[A-Z][A-Za-z ]* Error: /
const DUCKDB_OF_VALUES =
  /^(?:Constraint|Conversion|Decimal|Invalid Input|Mismatch Type|Object Size|Out of Range) Error: /

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
  try {
    await attempt([])
  } catch {
    // The caller knows the first failure, and tells that one.
    return undefined
  }
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
    if (items.length === 1) return [{ item: items[0]!, error }]
    const middle = Math.ceil(items.length / 2)
    const first = await halve(items.slice(0, middle), attempt)
    const second = first && (await halve(items.slice(middle), attempt))
    return second && [...first, ...second]
  }
}

/** Disk full, database away, store closed, no memory left, and the like. */
function isOfMachine(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (isDomainError(error)) return true
  if (isStoreError(error)) return error.code !== 'bad-batch'
  if ('errcode' in error && typeof error.errcode === 'number')
    return !SQLITE_OF_VALUES.has(error.errcode & 0xff)
  if (DUCKDB.test(error.message)) return !DUCKDB_OF_VALUES.test(error.message)
  return 'errno' in error
}
