import { StoreError } from '../../store-error.ts'

/**
 * Directories that a store of this process has open. The operating system's file locks, which keep other processes
 * out, do not keep a process from locking the same file twice.
 */
const claimed = new Set<string>()

/**
 * Keeps other stores of this process out of a directory until the claim is disposed of.
 *
 * @throws {StoreError} `in-use` when a store of this process has it open.
 */
export function claimDirectory(directory: string): Disposable {
  if (claimed.has(directory))
    throw new StoreError('in-use', `cannot open the store in ${directory}: this process has it open already`)
  claimed.add(directory)
  return { [Symbol.dispose]: () => void claimed.delete(directory) }
}
