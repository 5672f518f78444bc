import type { Change, ChangeFeed } from './change-feed.ts'

/** Changes kept for a reader that does not keep up. */
export const MAX_WAITING_CHANGES = 1000

interface Subscriber {
  waiting: Change[]
  wake: () => void
}

/** A feed within this process. */
export function createChangeFeed(): ChangeFeed {
  const bySketch = new Map<number, Set<Subscriber>>()
  return {
    publish(change) {
      for (const subscriber of bySketch.get(change.sketchId) ?? []) {
        subscriber.waiting.push(change)
        if (subscriber.waiting.length > MAX_WAITING_CHANGES)
          subscriber.waiting = [resyncInstead(subscriber.waiting)]
        subscriber.wake()
      }
    },
    subscribe(sketchId, signal) {
      const subscriber: Subscriber = { waiting: [], wake: () => {} }
      const subscribers = bySketch.get(sketchId) ?? new Set()
      const end = (): void => {
        subscribers.delete(subscriber)
        if (subscribers.size === 0 && bySketch.get(sketchId) === subscribers) bySketch.delete(sketchId)
        signal.removeEventListener('abort', end)
        subscriber.wake()
      }
      if (!signal.aborted) {
        bySketch.set(sketchId, subscribers)
        subscribers.add(subscriber)
        signal.addEventListener('abort', end, { once: true })
      }
      return read(subscriber, signal, end)
    },
  }
}

async function* read(subscriber: Subscriber, signal: AbortSignal, end: () => void): AsyncGenerator<Change> {
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
    end()
  }
}

/** What stands for changes that are not told. */
function resyncInstead(changes: readonly Change[]): Change {
  const { sketchId } = changes[0]!
  const dropped = changes.reduce(
    (sum, { kind, details }) => sum + (kind === 'resync' ? Number(details['dropped']) : 1),
    0,
  )
  const revision = changes.reduce((latest, change) => Math.max(latest, change.revision), 0)
  return { sketchId, revision, kind: 'resync', details: { dropped } }
}
