import { isStoreError, type StoreError } from '@timeskein/store'
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
  if (!(await works(attempt, []))) return undefined
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
    if (items.length === 1) return await blame(items[0]!, error, attempt)
    const middle = Math.ceil(items.length / 2)
    const first = await halve(items.slice(0, middle), attempt)
    const second = first && (await halve(items.slice(middle), attempt))
    return second && [...first, ...second]
  }
}

/** An engine that broke meanwhile, at this item or at something else, is no item's fault: it fails without, or works the next time. */
async function blame<Item>(
  item: Item,
  error: unknown,
  attempt: (items: readonly Item[]) => Promise<void>,
): Promise<readonly Poison<Item>[] | undefined> {
  if (!(await works(attempt, []))) return undefined
  return (await works(attempt, [item])) ? [] : [{ item, error }]
}

async function works<Item>(
  attempt: (items: readonly Item[]) => Promise<void>,
  items: readonly Item[],
): Promise<boolean> {
  try {
    await attempt(items)
    return true
  } catch {
    // Whether it fails is all that is asked: whoever asks knows the failure that is told.
    return false
  }
}

/** What an attempt without items may not meet, as it needs less: disk full, database away, store closed, no memory left, and the like. */
function isOfMachine(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (isDomainError(error)) return true
  if (isStoreError(error)) return error.code !== 'bad-batch' && !isOfStatement(error)
  if ('errcode' in error && typeof error.errcode === 'number')
    return SQLITE_OF_MACHINE.has(error.errcode & 0xff)
  return DUCKDB_OF_MACHINE.test(error.message) || 'errno' in error
}

/** A program within DuckDB that goes wrong, maybe at what it was given: the store gives it up and opens it anew. */
function isOfStatement({ code, cause }: StoreError): boolean {
  return code === 'gave-up' && cause instanceof Error && cause.message.startsWith('INTERNAL Error:')
}
