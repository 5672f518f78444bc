import type { SketchCall } from '../../http/app-types.ts'
import { abort } from './errors.ts'
import { asObject, type Body } from './request.ts'
import { toIndexName } from './wire/index-name.ts'

/** Largest body of a request that lists events. */
export const EVENTS_BODY_BYTES: number = 64 * 1024 * 1024

/** An event as requests name it. */
export interface EventRef {
  readonly id: string
  readonly indexName: string | undefined
  /** The object as it was sent. */
  readonly body: Body
}

/**
 * The events of a list. Anything that is no object with an `_id` is refused.
 *
 * @throws {WireError} 400 with the given words.
 */
export function readEventRefs(list: readonly unknown[], message: string): EventRef[] {
  return list.map((item) => {
    const body = asObject(item)
    const id = body?.['_id']
    if (!body || typeof id !== 'string' || id === '') abort(400, message)
    const index = body['_index'] ?? body['searchindex_id']
    return { id, indexName: typeof index === 'string' && index !== '' ? toIndexName(index) : undefined, body }
  })
}

/** Index names of the sketch's ready timelines: the events that may be marked. */
export async function allowedIndexes(call: SketchCall): Promise<ReadonlySet<string>> {
  const timelines = await call.services.timelines.listActive(call.sketch.id)
  return new Set(
    timelines
      .filter((timeline) => timeline.status === 'ready')
      .map((timeline) => timeline.searchIndex.indexName),
  )
}

/** The index as it was written, for messages. */
export function writtenIndex(ref: EventRef): string {
  return String(ref.body['_index'] ?? ref.body['searchindex_id'] ?? '')
}
