import type { Query } from '@timeskein/query'
import type { EventSource, ReadEvent } from '../event-source.ts'
import type { TestStore } from './open-test-store.ts'

/** Reads events through a store; their fields are the top-level members of their sources, and the time that the store read. */
export function readThrough({ store, scope }: TestStore): EventSource {
  return {
    async *read(query: Query) {
      for await (const page of store.scan({ scope, query, sort: 'asc' }))
        yield page.map((event): ReadEvent => {
          const members: Record<string, unknown> = {
            timestamp: Number(event.timeUs),
            ...JSON.parse(event.source),
          }
          return { id: event.id, index: event.index, get: (path) => members[path] }
        })
    },
  }
}
