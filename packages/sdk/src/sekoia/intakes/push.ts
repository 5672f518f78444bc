import type { SekoiaPushedEvent } from '@timeskein/model/sekoia'
import { type TimeInput, toTimestamp } from '../../paging/time-input.ts'
import type { CallOptions, SekoiaConnection } from '../connection/connection.ts'

/** An event that is sent: a line of a log, or an object, which goes as JSON. */
export type PushedEvent = string | Readonly<Record<string, unknown>>

/** How events are sent. */
export interface PushOptions extends CallOptions {
  /** The time of events that have none. @default when they arrive */
  readonly timestamp?: TimeInput | undefined
}

/** Events of one request at most. */
const MAX_BATCH_EVENTS = 1000
/** Sekoia.io takes requests of at most 10 MiB; the rest is for what JSON adds. */
const MAX_BATCH_LENGTH = 8 * 1024 * 1024

/**
 * Sends events to one intake. Ids come in the order of the events. A request that fails is not sent again, since the platform may have
 * kept it: an error says how far it came.
 */
export class SekoiaPush {
  readonly #connection: SekoiaConnection
  readonly #key: string

  /** @param key - `intake_key` of the intake. */
  constructor(connection: SekoiaConnection, key: string) {
    this.#connection = connection
    this.#key = key
  }

  /** One event. @returns The id it got. */
  async send(event: PushedEvent, options: PushOptions = {}): Promise<string> {
    const { timestamp, ...call } = options
    const answer = await this.#connection.post<{ event_id: string }>(
      '/',
      {
        intake_key: this.#key,
        json: toText(event),
        ...(timestamp === undefined ? {} : { '@timestamp': toTimestamp(timestamp) }),
      },
      call,
    )
    return answer.event_id
  }

  /** Any number of events, in requests of a size that the platform takes. @returns Their ids, request by request. */
  async *sendAll(
    events: Iterable<PushedEvent> | AsyncIterable<PushedEvent>,
    options: PushOptions = {},
  ): AsyncGenerator<readonly string[], void, undefined> {
    const { timestamp, ...call } = options
    let batch: string[] = []
    let length = 0
    const flush = async (): Promise<readonly string[]> => {
      const jsons = batch
      batch = []
      length = 0
      const answer = await this.#connection.json<{ event_ids: string[] }>(
        {
          method: 'POST',
          path: '/batch',
          json: { intake_key: this.#key, jsons },
          ...(timestamp === undefined
            ? {}
            : { headers: { 'x-sekoiaio-event-timestamp': toTimestamp(timestamp) } }),
        },
        call,
      )
      return answer.event_ids
    }
    for await (const event of events) {
      const text = toText(event)
      if (batch.length > 0 && (batch.length >= MAX_BATCH_EVENTS || length + text.length > MAX_BATCH_LENGTH))
        yield await flush()
      batch.push(text)
      length += text.length
    }
    if (batch.length > 0) yield await flush()
  }

  /** Lines of a log, one event each. */
  async sendLines(lines: readonly string[], options: PushOptions = {}): Promise<readonly string[]> {
    const { timestamp, ...call } = options
    const answer = await this.#connection.json<{ event_ids: string[] }>(
      {
        method: 'POST',
        path: '/plain/batch',
        bytes: new TextEncoder().encode(lines.join('\n')),
        headers: {
          'content-type': 'text/plain; charset=utf-8',
          'x-sekoiaio-intake-key': this.#key,
          ...(timestamp === undefined ? {} : { 'x-sekoiaio-event-timestamp': toTimestamp(timestamp) }),
        },
      },
      call,
    )
    return answer.event_ids
  }

  /** Events that each have their own time, and may be of other intakes. */
  async sendArray(
    events: readonly (Omit<SekoiaPushedEvent, 'intake_key'> & { readonly intake_key?: string })[],
    options: CallOptions = {},
  ): Promise<readonly string[]> {
    const items = events.map((event) => ({ intake_key: this.#key, ...event }))
    return (await this.#connection.post<{ event_ids: string[] }>('/array', items, options)).event_ids
  }
}

function toText(event: PushedEvent): string {
  return typeof event === 'string' ? event : JSON.stringify(event)
}
