import type { AggregationResult } from '@timeskein/query'

type Stats = AggregationResult & { kind: 'stats' }

/** Standard deviations that the bounds of `extended_stats` are away from the mean, as OpenSearch has it unless told otherwise. */
const SIGMA = 2

/** `stats` and `extended_stats` as OpenSearch answers them. */
export function marshalStats(stats: Stats): Record<string, unknown> {
  const { count, min, max, avg, sum, sumOfSquares } = stats
  const figures = { count, min, max, avg, sum }
  return sumOfSquares === undefined ? figures : { ...figures, ...extend(stats, sumOfSquares) }
}

function extend({ count, avg, sum }: Stats, sumOfSquares: number): Record<string, unknown> {
  // What is left of a difference of equal figures may be below 0.
  const squares = Math.max(0, sumOfSquares - (sum * sum) / Math.max(1, count))
  const population = count > 0 ? squares / count : null
  const sampling = count > 0 ? (count > 1 ? squares / (count - 1) : 'NaN') : null
  const root = (variance: number | string | null) =>
    typeof variance === 'number' ? Math.sqrt(variance) : variance
  const bound = (variance: number | string | null, side: 1 | -1) => {
    const deviation = root(variance)
    return typeof deviation === 'number' && avg !== null ? avg + side * SIGMA * deviation : deviation
  }
  return {
    sum_of_squares: count > 0 ? sumOfSquares : null,
    variance: population,
    variance_population: population,
    variance_sampling: sampling,
    std_deviation: root(population),
    std_deviation_population: root(population),
    std_deviation_sampling: root(sampling),
    std_deviation_bounds: {
      upper: bound(population, 1),
      lower: bound(population, -1),
      upper_population: bound(population, 1),
      lower_population: bound(population, -1),
      upper_sampling: bound(sampling, 1),
      lower_sampling: bound(sampling, -1),
    },
  }
}
