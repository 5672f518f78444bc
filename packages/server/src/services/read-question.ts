import { parseLucene, type Query } from '@timeskein/query'

/** A question as people type it. */
export interface TypedQuestion {
  /** Lucene query string; words are joined by AND, as in Timesketch; empty means every event. */
  readonly query: string
  /** Not before: a date, a date with time, or date maths such as `now-7d`. */
  readonly from?: string
  /** Not after: a day means its end. */
  readonly to?: string
}

/** Reads a typed question. @throws {QueryError} Where it cannot be read. */
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
