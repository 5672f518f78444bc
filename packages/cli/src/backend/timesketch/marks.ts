import type { EventRef, Events, MarkReport } from '@timeskein/sdk'
import type { MarkCalls, MarkRequest } from '../backend.ts'
import { findEvents } from './find-events.ts'
import { makeSearch } from './make-search.ts'
import type { TimesketchPlace } from './open-timesketch-backend.ts'
import { refuse } from './refuse.ts'

/** Marks on a Timesketch server, which keeps no log of them: what is done cannot be taken back as one. */
export function createMarkCalls({ timesketch, options }: TimesketchPlace): MarkCalls {
  return {
    async mark({ sketchId, kind, value, target }) {
      const sketch = timesketch.sketch(sketchId)
      let matched = 0
      let changed = 0
      const put = async (events: readonly EventRef[]): Promise<void> => {
        const report = await markEvents(sketch.events, kind, value, events, options)
        matched += events.length
        changed += report.changed
      }
      if ('question' in target) {
        const search = await makeSearch(timesketch, target.question)
        // Marks must not move the pages that are still to come.
        const events: EventRef[] = []
        for await (const { id, index } of search.withFields('datetime').events(options))
          events.push({ id, index })
        await put(events)
        return { operation_id: '-', matched, changed, unknown_ids: [] }
      }
      const found = await findEvents(sketch, target.ids, options)
      await put(target.ids.flatMap((id) => found.get(id) ?? []))
      return { operation_id: '-', matched, changed, unknown_ids: target.ids.filter((id) => !found.has(id)) }
    },
    history: async () => refuse('There is no log of operations'),
    undo: async () => refuse('No operation can be taken back'),
  }
}

async function markEvents(
  calls: Events,
  kind: MarkRequest['kind'],
  value: string,
  events: readonly EventRef[],
  options: { readonly signal: AbortSignal },
): Promise<Pick<MarkReport, 'changed'>> {
  switch (kind) {
    case 'tag':
      return await calls.tag(events, [value], options)
    case 'untag':
      return await calls.untag(events, [value], options)
    case 'star':
      return await calls.star(events, options)
    case 'unstar':
      return await calls.unstar(events, options)
    case 'comment':
      for (const event of events) await calls.comment(event, value, options)
      return { changed: events.length }
    default:
      return kind satisfies never
  }
}
