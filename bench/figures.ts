/** One row of the table that a bench prints. */
export interface Figure {
  readonly name: string
  readonly ours: number
  readonly unit:
    | 'events/s'
    | 'entries/s'
    | 'chunks/s'
    | 'items/s'
    | 'lines/s'
    | 'requests/s'
    | 'ms'
    | 's'
    | 'MB'
  /** The same on OpenSearch, or on a Timesketch, in the same run; undefined when it has no such thing or was left out. */
  readonly theirs?: number | undefined
  /** What the figure is for, or how it came about. */
  readonly note?: string | undefined
}

/** Median of some measurements. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** The value below which this share of the measurements lies (nearest rank). */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

/** Draws figures as a Markdown table; the ratio says how many times the peer's time (or rate) ours is. */
export function formatFigures(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.name,
    `${formatNumber(figure.ours)} ${figure.unit}`,
    figure.theirs === undefined ? '' : `${formatNumber(figure.theirs)} ${figure.unit}`,
    figure.theirs === undefined ? '' : `${(figure.ours / figure.theirs).toFixed(2)} x`,
    figure.note ?? '',
  ])
  const header = ['what', 'Timeskein', 'beside it', 'ratio', 'note']
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function formatNumber(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString('en')
  return value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : value.toFixed(2)
}
