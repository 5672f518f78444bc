import { parseLucene, type Query } from '@timeskein/query'
import type { MarkTarget } from '../marks/mark-service.ts'
import type { ExploreQuestion } from './explore-service.ts'

/** A question as people type it. */
export interface TypedQuestion {
  /** Lucene query string; words are joined by AND, as in Timesketch; empty means every event. */
  readonly query: string
  /** Not before: a date, a date with time, or date maths such as `now-7d`. */
  readonly from?: string | undefined
  /** Not after: a day means its end. */
  readonly to?: string | undefined
  /** Names or ids of timelines. @default all that are ready */
  readonly timelines?: readonly (string | number)[] | undefined
}

/** Reads the words and times of a typed question. @throws {QueryError} Where they cannot be read. */
export function readQuestion(question: TypedQuestion): Query {
  const asked: Query =
    question.query.trim() === '' ? { kind: 'all' } : parseLucene(question.query, { defaultOperator: 'and' })
  if (question.from === undefined && question.to === undefined) return asked
  const range: Query = {
    kind: 'range',
    field: 'datetime',
    ...(question.from === undefined ? {} : { gte: question.from }),
    ...(question.to === undefined ? {} : { lte: question.to }),
  }
  return { kind: 'and', of: [asked, range] }
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
    ...(question.timelines === undefined ? {} : { selection: { entries: question.timelines } }),
    ...(signal === undefined ? {} : { signal }),
  }
}

/** A typed question as what is to be marked: all events that answer it then. @throws {QueryError} Where it cannot be read. */
export function prepareMarkTarget(question: TypedQuestion): MarkTarget {
  return {
    query: readQuestion(question),
    queryText: question.query,
    ...(question.timelines === undefined ? {} : { selection: { entries: question.timelines } }),
  }
}
