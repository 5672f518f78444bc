import { type Aggregations, QueryError } from '@timeskein/query'

/**
 * Aggregations within buckets that one question may compute: each is a question of its own, of some milliseconds. OpenSearch
 * limits the buckets instead (`search.max_buckets`, 65,535).
 */
export const MAX_INNER_AGGREGATIONS = 10_000

/** Counts the aggregations within buckets of one question. */
export class InnerBudget {
  #left = MAX_INNER_AGGREGATIONS

  /**
   * @param inner - What is going to be computed in each of the buckets.
   * @throws {QueryError} When there are more than `MAX_INNER_AGGREGATIONS`.
   */
  spend(bucketCount: number, inner: Aggregations | undefined): void {
    this.ask(bucketCount * Object.keys(inner ?? {}).length)
  }

  /**
   * @param questions - Such as buckets each of which is one, whatever is computed in it.
   * @throws {QueryError} As `spend` does.
   */
  ask(questions: number): void {
    this.#left -= questions
    if (this.#left >= 0) return
    throw new QueryError(
      `aggregations: at most ${MAX_INNER_AGGREGATIONS} aggregations within buckets, and buckets of filters and ranges, expected, found ${MAX_INNER_AGGREGATIONS - this.#left}; ask for fewer buckets`,
      'aggregations',
      0,
    )
  }
}
