import type { Analyzer, AnalyzerRun } from './analyzer.ts'

/** How much a finding should matter to whoever reads it. */
export type ReportPriority = 'HIGH' | 'MEDIUM' | 'LOW' | 'NOTE'

/** What an analyzer found, told in parts. */
export interface AnalyzerReport {
  readonly priority: ReportPriority
  /** A sentence; not empty. */
  readonly summary: string
  readonly markdown?: string
  readonly tags?: readonly string[]
  readonly attributes?: readonly string[]
  readonly aggregations?: readonly number[]
  readonly searches?: readonly number[]
  readonly stories?: readonly number[]
}

/**
 * The result of an analysis as JSON text. Format: analyzer output of Timesketch 20261014 (lib/analyzers/interface.py,
 * `AnalyzerOutput`); members that would be empty are left out.
 */
export function writeReport(
  { name, displayName }: Pick<Analyzer, 'name' | 'displayName'>,
  { sketchId, timeline, settings }: Pick<AnalyzerRun, 'sketchId' | 'timeline' | 'settings'>,
  report: AnalyzerReport,
): string {
  return JSON.stringify({
    platform: 'timesketch',
    analyzer_identifier: name,
    analyzer_name: displayName,
    result_status: 'SUCCESS',
    result_priority: report.priority,
    result_summary: report.summary,
    platform_meta_data: {
      timesketch_instance: settings.instanceUrl,
      sketch_id: sketchId,
      timeline_id: timeline.id,
      ...present('saved_views', report.searches),
      ...present('saved_stories', report.stories),
      ...present('saved_aggregations', report.aggregations),
      ...present('created_tags', report.tags),
      ...present('created_attributes', report.attributes),
    },
    ...(report.markdown ? { result_markdown: report.markdown } : {}),
  })
}

function present(name: string, list: readonly unknown[] | undefined): Record<string, readonly unknown[]> {
  return list && list.length > 0 ? { [name]: [...new Set(list)] } : {}
}
