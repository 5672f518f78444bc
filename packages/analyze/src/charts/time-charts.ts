import type { TimeInterval } from '../aggregators/time-interval.ts'
import { type ChartFrame, frameChart, type VegaSpec } from './vega-spec.ts'

interface Axis {
  readonly field: string
  readonly timeUnit?: string
  readonly title: string
}

/** What lies along a heat map, and what goes up it; times are read as UTC. */
const HEATMAP_AXES: Readonly<Record<TimeInterval, readonly [x: Axis, y: Axis | undefined]>> = {
  year: [{ field: 'year', title: 'Year' }, undefined],
  month: [
    { field: 'year', title: 'Year' },
    { field: 'month', title: 'Month' },
  ],
  day: [
    { field: 'timestamp', timeUnit: 'utcyearmonth', title: 'Month' },
    { field: 'day', title: 'Day of Month' },
  ],
  day_of_week: [
    { field: 'timestamp', timeUnit: 'utcyearweek', title: 'Week' },
    { field: 'dow', title: 'Day of Week' },
  ],
  hour: [
    { field: 'timestamp', timeUnit: 'utcyearmonthdate', title: 'Date' },
    { field: 'hour', title: 'Hour' },
  ],
}

const COUNT = { field: 'count', type: 'quantitative' }

/** A field of cells, the fuller the darker. */
export function drawHeatmap(interval: TimeInterval, frame: ChartFrame): VegaSpec {
  const [x, y] = HEATMAP_AXES[interval]
  return frameChart(frame, {
    mark: { type: 'rect' },
    encoding: {
      x: { ...x, type: 'ordinal' },
      ...(y ? { y: { ...y, type: 'ordinal' } } : {}),
      color: { ...COUNT, scale: { scheme: 'blues' } },
      tooltip: [{ field: 'datetime', type: 'nominal', title: 'From' }, COUNT],
    },
  })
}

/** Counts along the time, as bars or as a line. */
export function drawOverTime(mark: 'bar' | 'line', frame: ChartFrame): VegaSpec {
  return frameChart(frame, {
    mark: { type: mark },
    encoding: {
      x: { field: 'timestamp', type: 'temporal', title: 'Time', scale: { type: 'utc' } },
      y: COUNT,
      tooltip: [{ field: 'datetime', type: 'nominal', title: 'From' }, COUNT],
      ...(frame.color === undefined ? {} : { color: { value: frame.color } }),
    },
  })
}
