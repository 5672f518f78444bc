import type { Query } from '@timeskein/query'
import type { EventSource, ReadEvent } from '../event-source.ts'
import type { TestStore } from './open-test-store.ts'

/** Reads events through a store; their fields are the top-level members of their sources. */
export function readThrough({ store, scope }: TestStore): EventSource {
  return {
    async *read(query: Query) {
      const page = await store.search({ scope, query, sort: 'asc', size: 1000 })
      yield page.events.map((event): ReadEvent => {
        const members: Record<string, unknown> = JSON.parse(event.source)
        return { id: event.id, index: event.index, get: (path) => members[path] }
      })
    },
  }
}
