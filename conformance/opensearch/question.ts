/** One question put to both engines. */
export interface Question {
  /** Which part of the suite it belongs to. */
  readonly group: string
  /** The `_search` body but for `size`, `from`, `sort` and `aggs`. */
  readonly body: Readonly<Record<string, unknown>>
  readonly wanted: Wanted
}

/** What of the answer is compared. */
export type Wanted =
  | { readonly kind: 'hits' }
  | { readonly kind: 'page'; readonly order: 'asc' | 'desc'; readonly from: number; readonly size: number }
  | { readonly kind: 'aggregation'; readonly definition: Readonly<Record<string, unknown>> }

/** The body of a query string as Timesketch sends it. */
export function queryStringBody(query: string): Readonly<Record<string, unknown>> {
  return { query: { query_string: { query, default_operator: 'AND' } } }
}

/** The query string of a body made by `queryStringBody`; undefined for any other body. */
export function queryStringOf(question: Question): string | undefined {
  const { query } = question.body as {
    readonly query?: { readonly query_string?: { readonly query: string } }
  }
  return query?.query_string?.query
}

/** The question in one line. */
export function printQuestion(question: Question): string {
  const text = queryStringOf(question)
  const asked = text === undefined ? JSON.stringify(question.body) : text
  const { wanted } = question
  switch (wanted.kind) {
    case 'hits':
      return asked
    case 'page':
      return `${asked}  (${wanted.size} from ${wanted.from}, ${wanted.order})`
    case 'aggregation':
      return `${asked}  ${JSON.stringify(wanted.definition)}`
  }
}
