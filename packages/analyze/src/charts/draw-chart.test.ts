import { expect, test } from 'vitest'
import type { RowsAnswer } from '../aggregators/aggregator.ts'
import { combineCharts } from './combine-charts.ts'
import { drawChart } from './draw-chart.ts'

const values: RowsAnswer = {
  kind: 'rows',
  rows: [{ 'a.b"c': 'x', count: 3 }],
  title: 'Top',
  chart: { kind: 'values', field: 'a.b"c', orderField: 'count', linkField: 'a.b"c' },
  tookMs: 1,
}
const times: RowsAnswer = {
  kind: 'rows',
  rows: [[{ timestamp: 0, datetime: '1970-01-01T00:00:00.000Z', count: 1, year: 1970, month: 1, day: 1 }]],
  title: 'Times',
  chart: { kind: 'times', interval: 'day' },
  tookMs: 1,
}

test('a bar chart holds its rows, its title and both axes', () => {
  expect(drawChart('barchart', values)).toMatchObject({
    data: { values: [{ 'a.b"c': 'x', count: 3 }] },
    title: 'Top',
    mark: { type: 'bar' },
    encoding: { x: { field: 'a\\.b\\"c', type: 'nominal' }, y: { field: 'count' } },
  })
})

test('marks lead to their events; hostile names stay text in the expression', () => {
  const chart = drawChart('linechart', values, { exploreUrl: '/sketch/1/explore' })
  const [{ calculate }] = (chart as { transform: [{ calculate: string }] }).transform
  expect(calculate).toBe(
    '"/sketch/1/explore?q=a.b%22c%3A%22" + ' +
      'replace(replace(replace(replace(toString(datum["a.b\\"c"]), regexp("%", "g"), "%25"), ' +
      'regexp("&", "g"), "%26"), regexp("#", "g"), "%23"), regexp("[+]", "g"), "%2B") + "%22"',
  )
  expect(chart).toMatchObject({ encoding: { href: { field: 'url' } } })
})

test('title and colour can be chosen', () => {
  expect(drawChart('circlechart', values, { title: 'Mine', color: 'red' })).toMatchObject({
    title: 'Mine',
    encoding: { color: { value: 'red' } },
  })
})

test('times are drawn as a heat map or along a line, from the list in the list', () => {
  expect(drawChart('heatmap', times)).toMatchObject({
    data: { values: [{ count: 1 }] },
    mark: { type: 'rect' },
  })
  expect(drawChart('linechart', times)).toMatchObject({ encoding: { x: { field: 'timestamp' } } })
})

test('there is no chart of a type that these rows have none of', () => {
  expect(drawChart('heatmap', values)).toBeUndefined()
  expect(drawChart('nonsense', times)).toBeUndefined()
  expect(drawChart('barchart', { ...values, chart: undefined })).toBeUndefined()
})

test('charts of a group lie in one view or beside each other', () => {
  const bars = drawChart('barchart', values)!
  expect(combineCharts([bars, bars], 'layer', 'Both')).toMatchObject({ title: 'Both', layer: [{}, {}] })
  expect(combineCharts([bars, bars], 'horizontal', '')).toMatchObject({ hconcat: [{}, {}] })
  expect(combineCharts([bars], 'vertical', 'x')).toBe(bars)
  expect(combineCharts([], 'vertical', 'x')).toBeUndefined()
})
