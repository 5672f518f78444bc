import { combineCharts } from '@timeskein/analyze'
import { formatCsvHeader, formatCsvLine } from '@timeskein/model'
import { isDomainError } from '../../../errors/domain-error.ts'
import type { SketchCall } from '../../../http/app-types.ts'
import type { SavedAggregation } from '../../../services/aggregations/aggregation-service.ts'
import { type AggregatorRun, runSavedAggregation } from '../aggregate/run-aggregator.ts'
import { exportStory } from '../story-export/export-story.ts'
import { cellText } from '../story-export/report-table.ts'
import { writeChartPage } from '../story-export/write-html.ts'
import { pythonJson } from '../wire/python-json.ts'
import { exportName } from './export-name.ts'
import type { ZipEntry } from './result-zip.ts'

/** What people made of a sketch, as files of its export: stories, aggregations and groups of them (Timesketch 20261014: api/v1/resources/archive.py). */
export async function* workEntries(call: SketchCall): AsyncIterable<ZipEntry> {
  const { services, principal, sketch } = call
  for (const story of await services.stories.list(principal, sketch.id)) {
    const page = await exportStory(call, story, 'html')
    yield { name: `stories/${exportName(story.id, story.title)}.html`, text: () => [page] }
  }
  for (const saved of await services.aggregations.list(principal, sketch.id)) {
    const stem = `aggregations/${exportName(saved.id, saved.name)}`
    const run = await tryRun(call, saved)
    yield json(`${stem}.meta`, run?.meta ?? { name: saved.name, error: 'The aggregation could not be run.' })
    if (!run) continue
    if (run.chart) yield page(`${stem}.html`, saved.name, run.chart)
    const { buckets } = run.result
    if (Array.isArray(buckets)) yield { name: `${stem}.csv`, text: () => csvOfRows(buckets.flat()) }
  }
  for (const group of await services.aggregations.listGroups(principal, sketch.id)) {
    const stem = `aggregation_groups/${exportName(group.id, group.name)}`
    const runs = []
    for (const member of group.members) runs.push(await tryRun(call, member))
    const charts = runs.flatMap((run) => (run?.chart ? [run.chart] : []))
    const chart = combineCharts(charts, group.orientation, group.name)
    yield json(`${stem}.meta`, {
      name: group.name,
      description: group.description,
      method: 'aggregator_group',
      chart_type: `compound: ${group.orientation}`,
      aggregations: group.members.map((member) => member.name),
    })
    if (chart) yield page(`${stem}.html`, group.name, chart)
  }
}

/** What cannot be run any more is told in its description. */
async function tryRun(call: SketchCall, saved: SavedAggregation): Promise<AggregatorRun | undefined> {
  try {
    return await runSavedAggregation(call, saved)
  } catch (error) {
    if (isDomainError(error) && (error.kind === 'invalid' || error.kind === 'not-found')) return undefined
    throw error
  }
}

function page(name: string, title: string, chart: Readonly<Record<string, unknown>>): ZipEntry {
  return { name, text: () => [writeChartPage(title, chart)] }
}

function json(name: string, value: unknown): ZipEntry {
  return { name, text: () => [pythonJson(value)] }
}

function* csvOfRows(rows: readonly unknown[]): Iterable<string> {
  const objects = rows.filter(
    (row): row is Record<string, unknown> => row !== null && typeof row === 'object',
  )
  const columns = [...new Set(objects.flatMap((row) => Object.keys(row)))]
  yield formatCsvHeader(columns)
  for (const row of objects) yield formatCsvLine(columns.map((name) => cellText(row[name])))
}
