import type { Query } from '@timeskein/query'
import type { AggregatorRun, RowsAnswer } from './aggregator.ts'
import { readCount, readText, readTimeRange, requireField } from './parameters.ts'
import { valueField } from './value-field.ts'

/** Charts of rows that count values. */
export const VALUE_CHARTS: readonly string[] = ['table', 'barchart', 'hbarchart', 'circlechart', 'linechart']

/** The commonest values of the parameter `field` among events: rows of the value under the field's name, and `count`. */
export async function countFieldValues(
  asked: AggregatorRun,
  query: Query,
  describe: (field: string) => string,
): Promise<RowsAnswer> {
  const { parameters } = asked
  const field = requireField(parameters)
  const size = readCount(parameters, 'limit', 10)
  const orderField = readText(parameters, 'order_field', 'count')
  const result = await asked.store.search({
    scope: asked.scope,
    query: { kind: 'and', of: [query, readTimeRange(parameters)] },
    sort: 'asc',
    size: 0,
    aggregations: {
      values: {
        kind: 'terms',
        field: await valueField(asked, field),
        size,
        order: { by: '_count', direction: 'desc' },
        minCount: 1,
      },
    },
    ...(asked.signal === undefined ? {} : { signal: asked.signal }),
  })
  const found = result.aggregations['values']
  const buckets = found?.kind === 'buckets' ? found.buckets : []
  return {
    kind: 'rows',
    rows: buckets.map((bucket) => ({ [field]: bucket.key, count: bucket.count })),
    title: describe(field),
    chart: { kind: 'values', field, orderField, linkField: field },
    tookMs: result.tookMs,
  }
}
