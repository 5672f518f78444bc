import type { FoundEvent, Sketch } from '@timeskein/sdk'
import type { Effects } from '../../effects.ts'

/** Ids of one question. */
const BATCH = 1000

/** Events of a sketch by their ids; those that are not in it are left out. */
export async function findEvents(
  sketch: Sketch,
  ids: readonly string[],
  { signal }: Pick<Effects, 'signal'>,
): Promise<ReadonlyMap<string, FoundEvent>> {
  const found = new Map<string, FoundEvent>()
  for (let at = 0; at < ids.length; at += BATCH) {
    const values = ids.slice(at, at + BATCH)
    const search = sketch.search().withDsl({ query: { ids: { values } } })
    for await (const event of search.withFields('*').events({ signal })) found.set(event.id, event)
  }
  return found
}
