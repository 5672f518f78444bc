import { expect, it } from 'vitest'
import { requireAggregations } from './check-aggregations.ts'

const HISTOGRAM = { kind: 'date_histogram', field: 'datetime', minCount: 1 } as const

it('lets lengths and zones through that can be', () => {
  requireAggregations({
    days: { ...HISTOGRAM, interval: { calendar: 'day' }, timeZone: 'Europe/Zurich' },
    hours: { ...HISTOGRAM, interval: { fixedMs: 3_600_000 }, timeZone: '+02:00' },
    sizes: { kind: 'histogram', field: 'size', interval: 0.5, minCount: 0 },
  })
})

it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e300])(
  'refuses the length %d by its place',
  (fixedMs) => {
    expect(() => requireAggregations({ time: { ...HISTOGRAM, interval: { fixedMs } } })).toThrowError(
      `aggregations.time.interval: a length from 1 to 864000000000000 milliseconds was expected, found ${fixedMs}.`,
    )
  },
)

it('refuses a zone nobody knows, also within buckets of another aggregation', () => {
  const time = { ...HISTOGRAM, interval: { calendar: 'day' }, timeZone: 'Mars/Olympus' } as const
  const terms = {
    kind: 'terms',
    field: 'user',
    size: 5,
    order: { by: '_count', direction: 'desc' },
    minCount: 1,
    aggregations: { time },
  } as const
  expect(() => requireAggregations({ users: terms })).toThrowError(
    'aggregations.users.time.time_zone: an offset such as +02:00 or a zone such as Europe/Berlin was expected, found "Mars/Olympus".',
  )
})
