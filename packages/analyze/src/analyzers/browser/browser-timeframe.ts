import type { ReadEvent } from '../../event-source.ts'
import type { Analyzer, AnalyzerRun } from '../analyzer.ts'
import { type ActiveHours, boundsOfDay, findActiveHours } from './active-hours.ts'
import { BROWSER_EVENTS, BROWSER_STORY_HEAD, titleOfBrowserStory } from './browser-events.ts'

/** Events before 1970 and from 2038 on, in microseconds, have no time that can be believed. */
const FIRST_US = 0
const END_US = 2_145_916_800_000_000

const CREATED = 'Created by the browser timeframe analyzer'

/** Tags what a browser did at hours at which it usually does nothing. Reads the events twice, to count and to mark. */
export const browserTimeframe: Analyzer = {
  name: 'browser_timeframe',
  displayName: 'Browser timeframe',
  description: 'Finds the hours in which a browser is used, and tags what happened outside of them',
  dependencies: [],
  async run(run) {
    const counts = new Map<number, number>()
    let total = 0
    for await (const page of run.events.read(BROWSER_EVENTS))
      for (const event of page) {
        const hour = hourOf(event)
        if (hour === undefined) continue
        counts.set(hour, (counts.get(hour) ?? 0) + 1)
        total += 1
      }
    if (total === 0) return 'No browser events discovered.'
    const active = findActiveHours(counts)
    if (active.hours.length === 0) return 'Did not discover any activity hours.'
    const hours = new Set(active.hours)
    let tagged = 0
    for await (const page of run.events.read(BROWSER_EVENTS))
      for (const event of page) {
        const hour = hourOf(event)
        if (hour === undefined || hours.has(hour)) continue
        const count = counts.get(hour) ?? 0
        tagged += 1
        await run.mark(event, {
          tags: ['outside-active-hours'],
          emojis: ['SLEEPING_FACE'],
          attributes: {
            activity_summary: `Number of events for this hour (${hour}): ${count}, with the threshold value: ${active.threshold.toFixed(2)}`,
            hour_count: count,
          },
        })
      }
    if (tagged > 0) await tell(run, active, counts, { tagged, total })
    return `Tagged ${tagged} out of ${total} events as outside of normal active hours.`
  },
}

/** The hour of the day, in UTC; undefined where the time cannot be believed. */
function hourOf(event: ReadEvent): number | undefined {
  const us = Number(event.get('timestamp'))
  return us > FIRST_US && us < END_US ? Math.floor(us / 3_600_000_000) % 24 : undefined
}

async function tell(
  run: AnalyzerRun,
  { hours, threshold }: ActiveHours,
  counts: ReadonlyMap<number, number>,
  { tagged, total }: { readonly tagged: number; readonly total: number },
): Promise<void> {
  const { name: timeline } = run.timeline
  const title = `Browser Activity Per Hour (${timeline})`
  const bars = await run.work.saveAggregation({
    name: title,
    description: CREATED,
    aggregator: 'manual_feed',
    chartType: 'barchart',
    labels: ['informational'],
    parameters: {
      data: [...counts].toSorted(([a], [b]) => a - b).map(([hour, count]) => ({ hour, count })),
      title,
      field: 'hour',
      order_field: 'hour',
      supported_charts: 'barchart',
    },
  })
  const line = await run.work.saveAggregation({
    name: title,
    description: CREATED,
    aggregator: 'manual_feed',
    chartType: 'linechart',
    labels: ['informational'],
    parameters: {
      data: Array.from({ length: 24 }, (_, hour) => ({ hour, count: threshold })),
      title: `Browser Timeframe Threshold (${timeline})`,
      field: 'hour',
      order_field: 'hour',
      chart_color: 'red',
      supported_charts: 'linechart',
    },
  })
  const group = await run.work.saveAggregationGroup({
    name: 'Browser Activity Per Hour',
    description: CREATED,
    members: [bars.id, line.id],
  })
  const [first, last] = boundsOfDay(hours)
  const twoDigits = (hour: number): string => String(hour).padStart(2, '0')
  await run.work.addToStory(titleOfBrowserStory(timeline), [
    BROWSER_STORY_HEAD,
    {
      kind: 'text',
      markdown: `## Browser Timeframe Analyzer\n\nThe browser of **${timeline}** is used mostly between ${twoDigits(first)} and ${twoDigits(last)} o’clock (UTC): in hours with ${threshold.toFixed(2)} events or more. **${tagged}** of its ${total} events, ${((tagged / total) * 100).toFixed(2)} %, lie outside of that time and are tagged \`outside-active-hours\`.`,
    },
    { kind: 'aggregation-group', group },
  ])
}
