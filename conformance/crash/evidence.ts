import { createHash } from 'node:crypto'

/** One import of the crash test: everything about it follows from its name. */
export interface Evidence {
  readonly run: string
  readonly rowCount: number
  readonly text: string
  /** SHA-256 over its rows, sorted and joined by line ends. */
  readonly hash: string
}

/** Makes the rows of one import: JSON lines with a field `run` that names it. */
export function makeEvidence(run: string, rowCount: number): Evidence {
  const rows = Array.from({ length: rowCount }, (_, row) =>
    JSON.stringify({
      datetime: new Date(Date.UTC(2026, 0, 1) + row * 1000).toISOString(),
      timestamp_desc: 'Event Logged',
      message: `row ${row} of ${run}: ${row % 3 === 0 ? 'accepted' : 'failed'} password for user${row % 50}`,
      run,
      row,
    }),
  )
  return { run, rowCount, text: `${rows.join('\n')}\n`, hash: hashRows(rows) }
}

/** SHA-256 over rows, whatever order they come in. */
export function hashRows(rows: readonly string[]): string {
  return createHash('sha256')
    .update([...rows].sort().join('\n'))
    .digest('hex')
}
