import { combineCharts } from '@timeskein/analyze'
import { isDomainError } from '../../../errors/domain-error.ts'
import type { SketchCall } from '../../../http/app-types.ts'
import type { EventView } from '../../../services/events/event-view.ts'
import type { StoryBlock } from '../../../services/stories/story-block.ts'
import { runSavedAggregation } from '../aggregate/run-aggregator.ts'
import { asObject } from '../request.ts'
import { readSavedQuery } from '../search/saved-query.ts'
import { readFilter } from '../wire/saved-search.ts'
import type { ReportPiece } from './report-piece.ts'
import { cellText, HEAD_ROWS, type ReportTable, TAIL_ROWS, tableOf } from './report-table.ts'

const DEFAULT_COLUMNS = ['datetime', 'timestamp_desc', 'message']

/**
 * Asks for what a block shows.
 *
 * @param wantsCharts - False: tables stand for charts.
 */
export async function readPiece(
  call: SketchCall,
  block: StoryBlock,
  wantsCharts: boolean,
): Promise<ReportPiece> {
  switch (block.kind) {
    case 'text':
      return { kind: 'text', markdown: block.markdown }
    case 'search':
      return await readHits(call, block.id, block.name)
    case 'aggregation':
      return await readCounts(call, block, wantsCharts)
    case 'aggregation-group':
      return await readGroup(call, block.id, block.name)
    case 'visualization':
      return await readCounts(call, { ...block, chartType: '' }, wantsCharts)
    case 'unknown':
      return { kind: 'missing', reason: `This server does not know blocks of the kind "${block.component}".` }
    default:
      return block satisfies never
  }
}

async function readHits(call: SketchCall, id: number, name: string): Promise<ReportPiece> {
  const view = await orUndefined(call.services.savedSearches.get(call.principal, call.sketch.id, id))
  if (!view || view.isDeleted)
    return { kind: 'missing', reason: `The saved search "${name}" is not there any more.` }
  const question = await readSavedQuery(call, call.sketch.id, view)
  if (!question) return { kind: 'missing', reason: `The saved search "${view.name}" cannot be read.` }
  const columns = readColumns(view.filterJson)
  const ask = (sort: 'asc' | 'desc', size: number) =>
    call.services.explore.search(call.principal, {
      sketchId: call.sketch.id,
      selection: { ...question.selection, includeArchived: true },
      query: question.query,
      sort,
      size,
      isStep: true,
      signal: call.signal,
    })
  const first = await orUndefined(ask(question.sort, HEAD_ROWS + TAIL_ROWS))
  if (!first)
    return { kind: 'missing', reason: `The timelines of the saved search "${view.name}" cannot be searched.` }
  const isCut = first.total > HEAD_ROWS + TAIL_ROWS
  const last = isCut
    ? (await ask(question.sort === 'asc' ? 'desc' : 'asc', TAIL_ROWS)).events.toReversed()
    : []
  const toRows = (events: readonly EventView[], from: number) =>
    events.map((event, at) => ({
      number: from + at,
      cells: columns.map((column) => eventCell(event, column)),
    }))
  const table: ReportTable = {
    columns,
    head: toRows(isCut ? first.events.slice(0, HEAD_ROWS) : first.events, 0),
    tail: toRows(last, first.total - last.length),
    total: first.total,
  }
  return { kind: 'table', name: view.name, table }
}

/** The columns that a saved search shows. */
function readColumns(filterJson: string): readonly string[] {
  const fields = readFilter(filterJson)['fields']
  const names = Array.isArray(fields)
    ? fields.map((entry) => asObject(entry)?.['field']).filter((name) => typeof name === 'string')
    : []
  return names.length > 0 ? names : DEFAULT_COLUMNS
}

function eventCell(event: EventView, column: string): string {
  if (column === 'tag') return event.tags.join(', ')
  if (column === 'label') return event.labels.join(', ')
  // Numbers keep their very digits.
  const json = event.members.get(column)
  return json !== undefined && /^-?\d/.test(json) ? json : cellText(event.get(column))
}

async function readCounts(
  call: SketchCall,
  block: { readonly id: number; readonly name: string; readonly chartType: string },
  wantsCharts: boolean,
): Promise<ReportPiece> {
  const saved = await orUndefined(call.services.aggregations.get(call.principal, call.sketch.id, block.id))
  if (!saved) return { kind: 'missing', reason: `The aggregation "${block.name}" is not there any more.` }
  const chartType = block.chartType || saved.chartType
  const run = await orUndefined(runSavedAggregation(call, saved, chartType))
  if (!run) return { kind: 'missing', reason: `The aggregation "${saved.name}" could not be run.` }
  if (wantsCharts && run.chart && chartType !== 'table')
    return { kind: 'chart', name: saved.name, spec: run.chart }
  const { buckets } = run.result
  return {
    kind: 'table',
    name: saved.name,
    table: tableOf(Array.isArray(buckets) ? buckets.flat() : [buckets]),
  }
}

async function readGroup(call: SketchCall, id: number, name: string): Promise<ReportPiece> {
  const group = await orUndefined(call.services.aggregations.getGroup(call.principal, call.sketch.id, id))
  if (!group) return { kind: 'missing', reason: `The aggregation group "${name}" is not there any more.` }
  const charts = []
  for (const member of group.members) {
    const run = await orUndefined(runSavedAggregation(call, member))
    if (run?.chart) charts.push(run.chart)
  }
  const spec = combineCharts(charts, group.orientation, group.name)
  if (!spec) return { kind: 'missing', reason: `The aggregation group "${group.name}" has no chart.` }
  return { kind: 'chart', name: group.name, spec }
}

/** What was refused is not there for the report; faults of ours are faults. */
async function orUndefined<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (
      isDomainError(error) &&
      (error.kind === 'invalid' || error.kind === 'not-found' || error.kind === 'forbidden')
    )
      return undefined
    throw error
  }
}
