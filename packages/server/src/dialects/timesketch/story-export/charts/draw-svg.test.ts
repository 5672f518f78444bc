import { combineCharts, drawChart, type RowsAnswer, type VegaSpec } from '@timeskein/analyze'
import { expect, test } from 'vitest'
import { readViews } from './chart-view.ts'
import { drawSvg } from './draw-svg.ts'

const values: RowsAnswer = {
  kind: 'rows',
  rows: [
    { 'a.b': 'seldom', count: 1 },
    { 'a.b': '</title><script>alert(1)</script>', count: 4 },
  ],
  title: 'Top',
  chart: { kind: 'values', field: 'a.b', orderField: 'count', linkField: 'a.b' },
  tookMs: 1,
}
const times: RowsAnswer = {
  kind: 'rows',
  rows: [
    [0, 3, 4].map((n) => {
      const date = new Date(Date.UTC(2024, 0, 1 + n))
      return {
        timestamp: date.getTime(),
        datetime: date.toISOString(),
        count: n + 1,
        year: 2024,
        month: 1,
        day: 1 + n,
        dow: n,
      }
    }),
  ],
  title: 'Times',
  chart: { kind: 'times', interval: 'day' },
  tookMs: 1,
}

function draw(spec: VegaSpec | undefined): string {
  return readViews(spec!)
    .map((view) => drawSvg(view)?.html ?? '')
    .join('')
}

function attributes(drawn: string, element: string, name: string): number[] {
  return [...drawn.matchAll(new RegExp(`<${element} [^>]*?\\b${name}="([^"]*)"`, 'g'))].map((found) =>
    Number(found[1]),
  )
}

test('upright bars: the greatest first, as high as their counts', () => {
  const drawn = draw(drawChart('barchart', values))
  const heights = attributes(drawn, 'rect', 'height')
  expect(heights[1]).toBe(heights[0]! * 4)
  const [seldom, often] = attributes(drawn, 'rect', 'x')
  expect(often).toBeLessThan(seldom!)
})

test('lying bars: as wide as their counts, drawn once', () => {
  const widths = attributes(draw(drawChart('hbarchart', values)), 'rect', 'width')
  expect(widths).toHaveLength(2)
  expect(widths[1]).toBe(widths[0]! * 4)
})

test('times lie on their scale: a gap is a gap', () => {
  const [first, fourth, fifth] = attributes(draw(drawChart('linechart', times)), 'circle', 'cx')
  expect((fourth! - first!) / (fifth! - fourth!)).toBeCloseTo(3, 1)
  expect(draw(drawChart('barchart', times)).match(/<rect /g)).toHaveLength(3)
})

test('a heat map is the darker the more there is', () => {
  const shades = attributes(draw(drawChart('heatmap', times)), 'rect', 'fill-opacity')
  expect(shades).toEqual(shades.toSorted((a, b) => a - b))
  expect(new Set(shades).size).toBe(3)
})

test.each(['barchart', 'hbarchart', 'linechart', 'circlechart'])(
  '%s: text of events stays text, nothing runs or is loaded',
  (type) => {
    const drawn = draw(
      drawChart(type, values, { color: 'url(https://a.example/x)', exploreUrl: '/sketch/1/explore' }),
    )
    expect(drawn).toMatch(/^<svg /)
    expect(drawn).not.toMatch(/<script|href=|url\(|style=/)
    expect(drawn).toContain('#60;script')
  },
)

test.each(['layer', 'horizontal', 'vertical'] as const)(
  'every chart of a group is drawn: %s',
  (orientation) => {
    const group = combineCharts(
      [drawChart('barchart', values)!, drawChart('heatmap', times)!],
      orientation,
      'Both',
    )
    expect(draw(group).match(/<svg /g)).toHaveLength(2)
  },
)

test('charts made elsewhere: rows of a named data set, and what cannot be drawn keeps its rows', () => {
  const datasets = {
    d: [
      { x: 1, y: -2 },
      { x: 2, y: 3 },
    ],
  }
  const encoding = { x: { field: 'x', type: 'quantitative' }, y: { field: 'y', type: 'quantitative' } }
  expect(draw({ datasets, data: { name: 'd' }, mark: 'bar', encoding }).match(/<rect /g)).toHaveLength(2)
  const [view] = readViews({ datasets, data: { name: 'd' }, mark: 'geoshape', encoding })
  expect(view).toMatchObject({ drawing: undefined, rows: datasets.d })
})

test.each<[string, VegaSpec]>([
  ['no view', {}],
  ['a list of nothing', { layer: ['x', null, 3] }],
  ['values that are no list', { mark: 'bar', data: { values: 'a,b' } }],
  [
    'times beyond dates',
    {
      mark: 'line',
      data: { values: [{ x: 1e300, y: 'NaN' }] },
      encoding: { x: { field: 'x', type: 'temporal', timeUnit: 'utcyearweek' }, y: { field: 'y' } },
    },
  ],
])('%s is drawn as nothing', (_name, spec) => {
  expect(draw(spec)).toBe('')
})

test('views within views end somewhere', () => {
  let spec: VegaSpec = { mark: 'bar' }
  for (let depth = 0; depth < 5000; depth++) spec = { layer: [spec, spec] }
  expect(readViews(spec).length).toBeLessThanOrEqual(50)
})
