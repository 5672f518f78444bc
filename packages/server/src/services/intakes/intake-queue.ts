import { randomBytes } from 'node:crypto'
import { DomainError } from '../../errors/domain-error.ts'
import { makeEventBatch } from '../../import/input/event-batch-of.ts'
import type { ServiceContext } from '../service-context.ts'
import type { DescribedEvent } from './describe-event.ts'

/** Events that may wait to be stored; clients send again what is refused. */
const MAX_WAITING_EVENTS = 200_000
/** Rows of one batch. */
const BATCH_ROWS = 5000

/** Where events go. */
export interface EventPlace {
  readonly index: string
  readonly timelineId: number
  /** What all of them have in common. */
  readonly constants: Readonly<Record<string, string>>
}

/** Events for one place. */
export interface WaitingBatch {
  readonly place: EventPlace
  readonly events: readonly DescribedEvent[]
}

interface Waiting {
  readonly events: DescribedEvent[]
  readonly stored: PromiseWithResolvers<void>
}

/** Stores events as they come: what arrives for a timeline while others are being stored waits, and is stored together then. */
export class IntakeQueue {
  readonly #context: Pick<ServiceContext, 'store'>
  readonly #waiting = new Map<string, Waiting>()
  readonly #busy = new Set<string>()
  #count = 0

  constructor(context: Pick<ServiceContext, 'store'>) {
    this.#context = context
  }

  /**
   * Takes the events of all batches, or none where there is no room for them. Those of a batch are stored all or not at all;
   * resolves when each has become durable and can be searched, or has failed.
   *
   * @throws {DomainError} `too-many` (`intake-busy`).
   */
  async add(batches: readonly WaitingBatch[]): Promise<readonly PromiseSettledResult<void>[]> {
    const count = batches.reduce((sum, { events }) => sum + events.length, 0)
    if (this.#count + count > MAX_WAITING_EVENTS && this.#count > 0)
      throw new DomainError(
        'too-many',
        'intake-busy',
        `${this.#count} events wait to be stored; send these again in a moment.`,
        { details: { retryAfterSeconds: 1 } },
      )
    this.#count += count
    return await Promise.allSettled(batches.map((batch) => this.#enqueue(batch)))
  }

  #enqueue({ place, events }: WaitingBatch): Promise<void> {
    // Events that have something else in common cannot be stored together.
    const key = JSON.stringify([place.timelineId, place.constants])
    const waiting = this.#waiting.get(key) ?? {
      events: [],
      stored: Promise.withResolvers<void>(),
    }
    for (const event of events) waiting.events.push(event)
    this.#waiting.set(key, waiting)
    if (!this.#busy.has(key)) void this.#storeAll(key, place)
    return waiting.stored.promise
  }

  async #storeAll(key: string, place: EventPlace): Promise<void> {
    this.#busy.add(key)
    // Requests that are being read at this moment come along.
    await new Promise((resolve) => setImmediate(resolve))
    for (;;) {
      const waiting = this.#waiting.get(key)
      if (!waiting) break
      this.#waiting.delete(key)
      try {
        await this.#store(place, waiting.events)
        waiting.stored.resolve()
      } catch (error) {
        waiting.stored.reject(error)
      }
      this.#count -= waiting.events.length
    }
    this.#busy.delete(key)
  }

  async #store(
    { index, timelineId, constants }: EventPlace,
    events: readonly DescribedEvent[],
  ): Promise<void> {
    await using transaction = await this.#context.store.beginImport({
      index,
      timelineId,
      importId: randomBytes(16).toString('hex'),
      profile: { aliases: {}, constants },
      skipKnownRows: false,
    })
    for (let at = 0; at < events.length; at += BATCH_ROWS)
      await transaction.append(makeEventBatch(events.slice(at, at + BATCH_ROWS)))
    await transaction.commit()
  }
}
