import type { AnalyzerRun } from './analyzer.ts'
import type { AggregationToSave } from './case-work.ts'

/** A table or chart of a field's commonest values on the run's timeline. Format: apex aggregations of Timesketch 20261014. */
export function topTermsOf(
  { timeline }: Pick<AnalyzerRun, 'timeline'>,
  wanted: {
    readonly name: string
    readonly description: string
    readonly field: string
    readonly count: number
    readonly queryString?: string
    /** How its list is shown, and how the aggregation itself is drawn when that is another. */
    readonly chartType: string
    readonly drawnAs?: string
    readonly savedSearchId?: number
  },
): AggregationToSave {
  return {
    name: wanted.name,
    description: wanted.description,
    aggregator: 'top_terms',
    chartType: wanted.chartType,
    labels: ['informational'],
    parameters: {
      aggregator_name: 'top_terms',
      aggregator_class: 'apex',
      aggregator_parameters: {
        fields: [{ field: wanted.field, type: 'text' }],
        aggregator_options: {
          metric: 'value_count',
          max_items: wanted.count,
          ...(wanted.queryString === undefined ? {} : { query_string: wanted.queryString }),
          timeline_ids: [timeline.id],
        },
        chart_type: wanted.drawnAs ?? wanted.chartType,
        chart_options: { chartTitle: wanted.name, height: 600, width: 800 },
      },
    },
    ...(wanted.savedSearchId === undefined ? {} : { savedSearchId: wanted.savedSearchId }),
  }
}
