import { type Html, html } from '../../pages/html.ts'
import { cellText } from '../report-table.ts'
import type { ChartAxis, ChartDrawing, ChartView } from './chart-view.ts'
import { type Placing, placeValues, toNumber } from './place-values.ts'

/** Marks of one drawing; further rows stand in the table only, and the page says so. */
export const MAX_MARKS = 2000

const WIDTH = 640
const HEIGHT = 220
/** Room of the left axis, and of the lower one. */
const LEFT = 150
const BOTTOM = 130
const TOP = 12
const RIGHT = 16
/** Height of a band that lies. */
const BAND_HEIGHT = 18
const MAX_BAR_WIDTH = 40
const LABEL_LENGTH = 22
const DEFAULT_COLOR = '#4c78a8'

/** A view as a drawing that needs nothing else: no script, no style, no address; undefined where there is nothing to draw. */
export function drawSvg(view: ChartView): Html | undefined {
  const { drawing } = view
  if (drawing === undefined) return undefined
  const rows = view.rows.slice(0, MAX_MARKS)
  const x = placeValues(drawing.x, rows)
  const y = drawing.y ? placeValues(drawing.y, rows) : ONE_LINE
  const bandsUp = drawing.y?.scale === 'band' ? Math.round(1 / y.step) : 0
  const height = Math.max(HEIGHT, bandsUp * BAND_HEIGHT)
  // Bands are read from the top down, numbers grow upwards.
  const isFromTop = drawing.y === undefined || drawing.y.scale === 'band'
  const frame: Frame = {
    x,
    y,
    height,
    toX: (part) => LEFT + part * WIDTH,
    toY: (part) => TOP + (isFromTop ? part : 1 - part) * height,
  }
  const marks = drawMarks(drawing, frame, rows)
  if (marks.length === 0) return undefined
  const [allWidth, allHeight] = [LEFT + WIDTH + RIGHT, TOP + height + BOTTOM]
  return html`<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${allWidth}" height="${allHeight}" viewBox="0 0 ${allWidth} ${allHeight}" font-family="sans-serif" font-size="11"><title>${view.title}</title>${drawAxes(drawing, frame)}${marks}</svg>`
}

interface Frame {
  readonly x: Placing
  readonly y: Placing
  readonly height: number
  toX(part: number): number
  toY(part: number): number
}

const ONE_LINE: Placing = { place: () => 0.5, step: 1, zero: 0, ticks: [] }

interface Spot {
  readonly row: Readonly<Record<string, unknown>>
  readonly x: number
  readonly y: number
}

function drawMarks(
  drawing: ChartDrawing,
  frame: Frame,
  rows: readonly Readonly<Record<string, unknown>>[],
): readonly Html[] {
  const spots = rows.flatMap((row): Spot[] => {
    const [x, y] = [frame.x.place(row), frame.y.place(row)]
    return x === undefined || y === undefined ? [] : [{ row, x, y }]
  })
  const color = drawing.color ?? DEFAULT_COLOR
  const shadeOf = readShade(drawing, spots)
  const tell = (row: Spot['row']) => html`<title>${tellRow(drawing, row)}</title>`
  switch (drawing.mark) {
    case 'bar':
      return spots.map(
        (spot) =>
          html`<rect ${drawBar(drawing, frame, spot)} fill="${color}" fill-opacity="${shadeOf(spot.row)}">${tell(spot.row)}</rect>`,
      )
    case 'cell':
      return spots.map(
        (spot) =>
          html`<rect ${drawCell(frame, spot)} fill="${color}" fill-opacity="${shadeOf(spot.row)}">${tell(spot.row)}</rect>`,
      )
    case 'circle':
      return spots.map((spot) => drawDot(frame, spot, 5, color, shadeOf(spot.row), tell(spot.row)))
    case 'line': {
      const inOrder = spots.toSorted((a, b) => a.x - b.x)
      const points = inOrder
        .map((spot) => `${round(frame.toX(spot.x))},${round(frame.toY(spot.y))}`)
        .join(' ')
      if (spots.length === 0) return []
      return [
        html`<polyline points="${points}" fill="none" stroke="${color}" stroke-width="2"/>`,
        ...inOrder.map((spot) => drawDot(frame, spot, 2, color, 1, tell(spot.row))),
      ]
    }
    default:
      return drawing.mark satisfies never
  }
}

function drawDot(frame: Frame, spot: Spot, size: number, color: string, shade: number, title: Html): Html {
  return html`<circle cx="${round(frame.toX(spot.x))}" cy="${round(frame.toY(spot.y))}" r="${size}" fill="${color}" fill-opacity="${shade}">${title}</circle>`
}

/** A bar stands on the lower axis, unless numbers lie along it and bands up the other. */
function drawBar({ x, y }: ChartDrawing, frame: Frame, spot: Spot): Html {
  if (x.scale === 'number' && y?.scale === 'band') {
    const size = frame.y.step * frame.height * 0.8
    return box(
      frame.toX(frame.x.zero),
      frame.toX(spot.x),
      frame.toY(spot.y) - size / 2,
      frame.toY(spot.y) + size / 2,
    )
  }
  const size = Math.min(MAX_BAR_WIDTH, Math.max(1, frame.x.step * WIDTH * 0.8))
  return box(
    frame.toX(spot.x) - size / 2,
    frame.toX(spot.x) + size / 2,
    frame.toY(frame.y.zero),
    frame.toY(spot.y),
  )
}

function drawCell(frame: Frame, spot: Spot): Html {
  const [width, height] = [frame.x.step * WIDTH, frame.y.step * frame.height]
  const [x, y] = [frame.toX(spot.x), frame.toY(spot.y)]
  return box(x - width / 2, x + width / 2, y - height / 2, y + height / 2)
}

function box(x1: number, x2: number, y1: number, y2: number): Html {
  return html`x="${round(Math.min(x1, x2))}" y="${round(Math.min(y1, y2))}" width="${round(Math.abs(x2 - x1))}" height="${round(Math.abs(y2 - y1))}"`
}

/** How dark a row's mark is, from a fifth to 1. */
function readShade({ shade }: ChartDrawing, spots: readonly Spot[]): (row: Spot['row']) => number {
  if (shade === undefined) return () => 1
  const most = spots.reduce((high, { row }) => Math.max(high, toNumber(row[shade]) ?? 0), 0) || 1
  return (row) => round(0.2 + (0.8 * Math.max(0, toNumber(row[shade]) ?? 0)) / most)
}

function tellRow({ x, y, shade }: ChartDrawing, row: Spot['row']): string {
  const names = new Set([x.field, ...(y ? [y.field] : []), ...(shade === undefined ? [] : [shade])])
  return [...names].map((name) => `${name}: ${cellText(row[name])}`).join('\n')
}

function drawAxes({ x, y }: ChartDrawing, frame: Frame): readonly Html[] {
  const [left, right, bottom] = [LEFT, LEFT + WIDTH, TOP + frame.height]
  return [
    html`<path d="M${left} ${TOP}V${bottom}H${right}" fill="none" stroke="#888"/>`,
    ...frame.x.ticks.map(({ at, text }) => {
      const place = round(frame.toX(at))
      return html`<text transform="translate(${place} ${bottom + 12}) rotate(-45)" text-anchor="end">${shorten(text)}</text>`
    }),
    ...frame.y.ticks.map(
      ({ at, text }) =>
        html`<text x="${left - 6}" y="${round(frame.toY(at) + 4)}" text-anchor="end">${shorten(text)}</text>`,
    ),
    html`<text x="${left + WIDTH / 2}" y="${bottom + BOTTOM - 8}" text-anchor="middle" font-weight="bold">${titleOf(x)}</text>`,
    ...(y
      ? [
          html`<text transform="translate(12 ${TOP + frame.height / 2}) rotate(-90)" text-anchor="middle" font-weight="bold">${titleOf(y)}</text>`,
        ]
      : []),
  ]
}

function titleOf(axis: ChartAxis): string {
  return shorten(axis.title, 60)
}

/** The table has the whole text. */
function shorten(text: string, length: number = LABEL_LENGTH): string {
  const characters = [...text.slice(0, 4 * length)]
  return characters.length <= length && text.length <= 4 * length
    ? text
    : `${characters.slice(0, length - 1).join('')}…`
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
