import type { Change, ChangeFeed } from './change-feed.ts'

/** Changes kept for a reader that does not keep up. */
export const MAX_WAITING_CHANGES = 1000

interface Subscriber {
  readonly waiting: Change[]
  wake: () => void
}

/** A feed within this process. */
export function createChangeFeed(): ChangeFeed {
  const bySketch = new Map<number, Set<Subscriber>>()
  return {
    publish(change) {
      for (const subscriber of bySketch.get(change.sketchId) ?? []) {
        subscriber.waiting.push(change)
        if (subscriber.waiting.length > MAX_WAITING_CHANGES) subscriber.waiting.shift()
        subscriber.wake()
      }
    },
    async *subscribe(sketchId, signal) {
      const subscriber: Subscriber = { waiting: [], wake: () => {} }
      const subscribers = bySketch.get(sketchId) ?? new Set()
      bySketch.set(sketchId, subscribers)
      subscribers.add(subscriber)
      const onAbort = (): void => subscriber.wake()
      signal.addEventListener('abort', onAbort, { once: true })
      try {
        while (!signal.aborted) {
          const next = subscriber.waiting.shift()
          if (next) {
            yield next
            continue
          }
          const { promise, resolve } = Promise.withResolvers<void>()
          subscriber.wake = resolve
          await promise
        }
      } finally {
        signal.removeEventListener('abort', onAbort)
        subscribers.delete(subscriber)
        if (subscribers.size === 0) bySketch.delete(sketchId)
      }
    },
  }
}
