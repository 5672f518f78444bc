import { parseLucene, type Query, resolveDate } from '@timeskein/query'
import { invalid } from '../../errors/domain-error.ts'
import type { MarkTarget } from '../marks/mark-service.ts'
import type { ExploreQuestion, TimelineSelection } from './explore-service.ts'

/** A question as people type it. */
export interface TypedQuestion {
  /** Lucene query string; words are joined by AND, as in Timesketch; empty means every event. */
  readonly query: string
  /** Not before: a date, a date with time, or date maths such as `now-7d`. */
  readonly from?: string | undefined
  /** Not after: a day means its end. */
  readonly to?: string | undefined
  /** Names or ids of timelines; one that the sketch does not have is refused. @default all that are ready */
  readonly timelines?: readonly (string | number)[] | undefined
}

/**
 * Reads the words and times of a typed question.
 *
 * @throws {QueryError} Where the words cannot be read.
 * @throws {DomainError} `invalid` (`bad-date`) where a time is none, or the last comes before the first: an answer without
 *   events would be read as nothing there.
 */
export function readQuestion(question: TypedQuestion): Query {
  const asked: Query =
    question.query.trim() === '' ? { kind: 'all' } : parseLucene(question.query, { defaultOperator: 'and' })
  if (question.from === undefined && question.to === undefined) return asked
  checkTimes(question)
  const range: Query = {
    kind: 'range',
    field: 'datetime',
    ...(question.from === undefined ? {} : { gte: question.from }),
    ...(question.to === undefined ? {} : { lte: question.to }),
  }
  return { kind: 'and', of: [asked, range] }
}

function checkTimes({ from, to }: TypedQuestion): void {
  const nowUs = BigInt(Date.now()) * 1000n
  const read = (name: 'from' | 'to', text: string): bigint => {
    const date = resolveDate(text, { roundUp: name === 'to', nowUs })
    if (date) return date.us
    throw invalid(
      'bad-date',
      `A date (2024-05-01, 2024-05-01T10:00:00Z) or date maths (now-7d) was expected for "${name}", found ${JSON.stringify(text)}.`,
      { [name]: text },
    )
  }
  const startUs = from === undefined ? undefined : read('from', from)
  const endUs = to === undefined ? undefined : read('to', to)
  if (startUs === undefined || endUs === undefined || startUs <= endUs) return
  throw invalid('bad-date', `"from" (${from}) comes after "to" (${to}): no event can lie between them.`, {
    from,
    to,
  })
}

/** The timelines of a typed question as a selection; an answer without what one of them was to give would be read as nothing there. */
export function prepareSelection({ timelines }: Pick<TypedQuestion, 'timelines'>): {
  readonly selection?: TimelineSelection
} {
  return timelines === undefined ? {} : { selection: { entries: timelines, refuseUnknown: true } }
}

/** A typed question made ready to ask. @throws {QueryError} Where it cannot be read. */
export function prepareQuestion(
  sketchId: number,
  question: TypedQuestion,
  signal?: AbortSignal,
): ExploreQuestion {
  return {
    sketchId,
    query: readQuestion(question),
    ...prepareSelection(question),
    ...(signal === undefined ? {} : { signal }),
  }
}

/** A typed question as what is to be marked: all events that answer it then. @throws {QueryError} Where it cannot be read. */
export function prepareMarkTarget(question: TypedQuestion): MarkTarget {
  return {
    query: readQuestion(question),
    queryText: question.query,
    ...prepareSelection(question),
  }
}
