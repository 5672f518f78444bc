import { parseLucene, type Query } from '@timeskein/query'

/** A query as Timesketch's analyzers write them: words are joined by AND. */
export function luceneQuery(text: string): Query {
  return parseLucene(text, { defaultOperator: 'and' })
}
