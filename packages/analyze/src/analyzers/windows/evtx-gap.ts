import { fieldText } from '../../field-text.ts'
import type { Analyzer, AnalyzerRun } from '../analyzer.ts'
import type { StoryPiece } from '../case-work.ts'
import { percentile } from '../percentile.ts'
import { listDaysBetween, listGaps, type RecordGaps, toRanges } from './record-gaps.ts'

const CREATED = 'Created by the EVTX Gap analyzer'
const EVTX = 'data_type:"windows:evtx:record"'
/** Lines about one source that a story shows; a source whose log was cut in more places says so. */
const MAX_GAPS_TOLD = 200

/** What the events of a timeline's event logs come to. */
interface Census {
  readonly total: number
  readonly byDay: ReadonlyMap<string, number>
  readonly bySource: ReadonlyMap<string, readonly number[]>
}

/**
 * Looks for days without events and for missing record numbers in event logs. In memory are the record numbers. Rule: Timesketch
 * 20261014 (lib/analyzers/win_evtxgap.py), which tells of gaps only where both are found.
 */
export const evtxGap: Analyzer = {
  name: 'evtx_gap',
  displayName: 'EVTX gap',
  description: 'Looks for days without events, and for missing record numbers, in Windows event logs',
  dependencies: [],
  async run(run) {
    const census = await takeCensus(run)
    if (census.total === 0) return 'No EVTX events discovered.'
    const days = [...census.byDay.keys()].toSorted()
    const missingDays = listDaysBetween(days[0]!, days.at(-1)!).filter((day) => !census.byDay.has(day))
    const gaps = new Map<string, RecordGaps>()
    for (const [source, numbers] of census.bySource) {
      const own = listGaps(numbers)
      if (own) gaps.set(source, own)
    }
    if (missingDays.length === 0 || gaps.size === 0)
      return 'No gaps were identified in the EVTX logs, that is not to say there aren’t any gaps, just that these tests weren’t able to find ones.'
    await tell(run, census, { days, missingDays, gaps })
    return 'Gaps were detected in the EVTX record. Please see generated story for further details.'
  },
}

async function takeCensus(run: AnalyzerRun): Promise<Census> {
  const byDay = new Map<string, number>()
  const bySource = new Map<string, number[]>()
  let total = 0
  for await (const page of run.events.read({
    kind: 'phrase',
    field: 'data_type',
    text: 'windows:evtx:record',
    slop: 0,
  }))
    for (const event of page) {
      total += 1
      const day = String(event.get('datetime')).slice(0, 10)
      byDay.set(day, (byDay.get(day) ?? 0) + 1)
      const number = Number(event.get('record_number'))
      if (!Number.isSafeInteger(number) || event.get('record_number') === undefined) continue
      const source = fieldText(event, 'source_name') ?? ''
      const numbers = bySource.get(source)
      if (numbers) numbers.push(number)
      else bySource.set(source, [number])
    }
  return { total, byDay, bySource }
}

async function tell(
  run: AnalyzerRun,
  { total, byDay, bySource }: Census,
  found: {
    readonly days: readonly string[]
    readonly missingDays: readonly string[]
    readonly gaps: ReadonlyMap<string, RecordGaps>
  },
): Promise<void> {
  const { days, missingDays, gaps } = found
  const sources = await run.work.saveAggregation({
    name: 'Top EVTX Sources',
    description: CREATED,
    aggregator: 'query_bucket',
    chartType: 'hbarchart',
    parameters: {
      field: 'source_name',
      supported_charts: 'hbarchart',
      index: [run.timeline.id],
      query_string: EVTX,
    },
  })
  const perDay = await run.work.saveAggregation({
    name: 'Event Records Per Day',
    description: CREATED,
    aggregator: 'manual_feed',
    chartType: 'barchart',
    labels: ['informational'],
    parameters: {
      data: [...days, ...missingDays].toSorted().map((day) => ({ day, count: byDay.get(day) ?? 0 })),
      title: 'Event Records Per Day',
      supported_charts: 'barchart',
      field: 'day',
      order_field: 'day',
    },
  })
  const text = (markdown: string): StoryPiece => ({ kind: 'text', markdown })
  await run.work.addToStory(`EVTX Gap Analysis - ${run.timeline.name}`, [
    text(
      `Something is missing in the event logs of **${run.timeline.name}**: days without any event, and record numbers that no event has. Logs that were cleared look so, and so do logs of a computer that was switched off, or that were not all imported.`,
    ),
    text(
      [
        `- First day: ${days[0]}`,
        `- Last day: ${days.at(-1)}`,
        `- Events: ${total}`,
        `- Sources: ${bySource.size}`,
      ].join('\n'),
    ),
    { kind: 'aggregation', aggregation: sources },
    text(['## Event Frequency Analysis.', '', ...describeDays(byDay, missingDays)].join('\n')),
    { kind: 'aggregation', aggregation: perDay },
    text(['## Event Record Number Analysis.', '', ...[...gaps].flatMap(describeRecords)].join('\n')),
  ])
}

function describeDays(byDay: ReadonlyMap<string, number>, missingDays: readonly string[]): readonly string[] {
  const quarter = percentile([...byDay.values()], 25)
  const rare = [...byDay].filter(([, count]) => count < quarter).toSorted(([a], [b]) => (a < b ? -1 : 1))
  const dayNumber = (day: string): number => Date.parse(`${day}T00:00:00Z`) / 86_400_000
  const tellDay = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10)
  return [
    ...toRanges(missingDays.map(dayNumber)).map(([first, last]) =>
      first === last
        ? `- No event on **${tellDay(first)}**`
        : `- No event from **${tellDay(first)}** to **${tellDay(last)}**`,
    ),
    ...rare.map(([day, count]) => `- On ${day} ${count} events only`),
    '',
    `A day with fewer than ${Math.trunc(quarter)} events has less than three quarters of the days have.`,
  ]
}

function describeRecords([source, { kind, ranges }]: readonly [string, RecordGaps]): readonly string[] {
  const what = kind === 'missing' ? 'missing' : 'there, and all others between them are missing'
  const rest = ranges.length - MAX_GAPS_TOLD
  return [
    `- Source **${source}**`,
    ...ranges
      .slice(0, MAX_GAPS_TOLD)
      .map(([first, last]) =>
        first === last ? `  - Record ${first} is ${what}` : `  - Records ${first} to ${last} are ${what}`,
      ),
    ...(rest > 0 ? [`  - and ${rest} more such ranges`] : []),
  ]
}
