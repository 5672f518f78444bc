import type { Aggregator } from './aggregator.ts'
import { asRecord, readText, refuse } from './parameters.ts'

/** A chart that somebody made elsewhere: its rows are those of its data sets. */
export const manualVega: Aggregator = {
  name: 'manual_vega',
  displayName: 'Manual Vega-Spec Aggregation',
  description: 'Aggregating values of a user supplied vega-spec',
  family: 'legacy',
  isListed: false,
  formFields: [],
  parameters: ['data', 'title'],
  async run({ parameters }) {
    const spec =
      asRecord(parameters['data']) ?? refuse('data', 'a Vega-Lite specification', parameters['data'])
    const rows = Object.values(asRecord(spec['datasets']) ?? {}).flatMap((rows) =>
      Array.isArray(rows) ? rows : [],
    )
    return {
      kind: 'rows',
      rows,
      title: readText(parameters, 'title', 'Manually Generated Chart'),
      chart: { kind: 'spec', spec },
      tookMs: 0,
    }
  },
}
