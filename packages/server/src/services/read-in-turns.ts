import { chunk } from './chunk.ts'
import { SharedTime } from './shared-time.ts'

/** So many are read at once: some milliseconds of work. */
const SLICE = 1000

/** Reads many things slice by slice, in their order; between the slices others of the process get their turn. */
export async function readInTurns<Key, Found>(
  keys: readonly Key[],
  read: (some: readonly Key[]) => Promise<readonly Found[]>,
  signal?: AbortSignal,
): Promise<Found[]> {
  const time = new SharedTime()
  const found: Found[] = []
  for (const some of chunk(keys, SLICE)) {
    for (const one of await read(some)) found.push(one)
    await time.share(signal)
  }
  return found
}
