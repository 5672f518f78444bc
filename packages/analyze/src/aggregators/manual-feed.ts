import { AnalyzeError } from '../analyze-error.ts'
import type { Aggregator } from './aggregator.ts'
import { asRecord, readText, refuse } from './parameters.ts'

/** Rows that somebody counted elsewhere, kept with the case so that they can be drawn and told. */
export const manualFeed: Aggregator = {
  name: 'manual_feed',
  displayName: 'Manual Feed Aggregation',
  description: 'Aggregating values of a user supplied data',
  family: 'legacy',
  isListed: false,
  formFields: [],
  parameters: ['data', 'title', 'field', 'order_field'],
  async run({ parameters }) {
    const data = parameters['data']
    if (data === undefined || data === null || (Array.isArray(data) && data.length === 0))
      throw new AnalyzeError('bad-parameter', 'Data is missing', 'data')
    if (!Array.isArray(data)) return refuse('data', 'a list of rows', data)
    const rows = data.map((row) => asRecord(row) ?? refuse('data', 'rows that are objects', row))
    const field = readText(parameters, 'field') || nameField(rows)
    return {
      kind: 'rows',
      rows,
      title: readText(parameters, 'title', 'Results From A Manually Fed Table'),
      chart: {
        kind: 'values',
        field,
        orderField: readText(parameters, 'order_field', 'count'),
        linkField: undefined,
      },
      tookMs: 0,
    }
  },
}

function nameField(rows: readonly object[]): string {
  const names = rows.flatMap((row) => Object.keys(row))
  return names.find((name) => name !== 'count' && name !== 'bucket_name') ?? 'count'
}
