import { formatIsoTime } from '@timeskein/model'
import type { Query } from '@timeskein/query'
import { notFound } from '../../errors/domain-error.ts'
import type { SketchCall } from '../../http/app-types.ts'
import type { EventView } from '../../services/events/event-view.ts'
import type { ExploreQuestion } from '../../services/explore/explore-service.ts'

/** A place in an answer. */
export type Place = { readonly row: number } | { readonly time: string } | { readonly event: string }

/**
 * The row number of a place, oldest first: how many events of the answer stand before it. Of an event that is not in the
 * answer it is the row that it would have.
 *
 * @throws {DomainError} `not-found` for an event that the sketch does not have.
 */
export async function findRow(call: SketchCall, question: ExploreQuestion, around: Place): Promise<number> {
  if ('row' in around) return around.row
  if ('time' in around) return await countBefore(call, question, around.time)
  const [event] = await call.services.explore.getEvents(call.principal, call.sketch.id, [around.event], {
    isStep: true,
  })
  if (!event) throw notFound('event', around.event)
  // Ranges tell microseconds apart, not nanoseconds: those are looked at one by one.
  const time = formatIsoTime(event.timeUs, 0)
  return (await countBefore(call, question, time)) + (await findPlaceAmongEqual(call, question, event, time))
}

async function countBefore(call: SketchCall, question: ExploreQuestion, time: string): Promise<number> {
  return await call.services.explore.count(call.principal, {
    ...question,
    query: { kind: 'and', of: [question.query, earlierThan(time)] },
    isStep: true,
  })
}

/** How many of the events of an event's microsecond stand before it: by halving, since there may be millions of them. */
async function findPlaceAmongEqual(
  call: SketchCall,
  question: ExploreQuestion,
  event: EventView,
  time: string,
): Promise<number> {
  // What `countBefore` did not count, so that nothing is counted twice.
  const query: Query = {
    kind: 'and',
    of: [
      question.query,
      { kind: 'not', of: earlierThan(time) },
      { kind: 'range', field: 'datetime', lte: time },
    ],
  }
  const readAt = async (from: number) =>
    await call.services.explore.search(call.principal, {
      ...question,
      query,
      sort: 'asc',
      from,
      size: 1,
      isStep: true,
    })
  let low = 0
  let high = (await readAt(0)).total
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const [other] = (await readAt(middle)).events
    if (other && standsBefore(other, event)) low = middle + 1
    else high = middle
  }
  return low
}

/** The order of answers (`SearchRequest.sort`). */
function standsBefore(a: EventView, b: EventView): boolean {
  if (a.timeUs !== b.timeUs) return a.timeUs < b.timeUs
  if (a.nanos !== b.nanos) return a.nanos < b.nanos
  return a.index === b.index ? a.event.seq < b.event.seq : a.index < b.index
}

function earlierThan(time: string): Query {
  return { kind: 'range', field: 'datetime', lt: time }
}
