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
  for (let start = 0; start < keys.length; start += SLICE) {
    for (const one of await read(keys.slice(start, start + SLICE))) found.push(one)
    await time.share(signal)
  }
  return found
}
