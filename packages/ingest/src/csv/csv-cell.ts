import { CELL_ESCAPED, type CsvRows } from './csv-rows.ts'

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * The text of one cell as a string.
 *
 * @param quote - The dialect's quote byte.
 */
export function decodeCsvCell(
  block: Uint8Array,
  rows: CsvRows,
  cell: number,
  quote: number | undefined,
): string {
  const start = rows.cellStarts[cell]!
  const end = rows.cellEnds[cell]!
  if (start === end) return ''
  if (rows.cellFlags[cell] !== CELL_ESCAPED) return decoder.decode(block.subarray(start, end))
  const text = new Uint8Array(end - start)
  return decoder.decode(text.subarray(0, copyCsvCell(block, rows, cell, quote, text, 0)))
}

/**
 * Copies the text of one cell as UTF-8.
 *
 * @param quote - The dialect's quote byte.
 * @param target - Must have room for `cellEnds[cell] - cellStarts[cell]` bytes from `at` on.
 * @returns The position behind the last byte written.
 */
export function copyCsvCell(
  block: Uint8Array,
  rows: CsvRows,
  cell: number,
  quote: number | undefined,
  target: Uint8Array,
  at: number,
): number {
  const start = rows.cellStarts[cell]!
  const end = rows.cellEnds[cell]!
  if (rows.cellFlags[cell] === CELL_ESCAPED) return copyEscaped(block, start, end, quote ?? -1, target, at)
  const length = end - start
  if (length > 48) target.set(block.subarray(start, end), at)
  else for (let i = 0; i < length; i++) target[at + i] = block[start + i]!
  return at + length
}

/** Two quotes are one; a single one closes the quoted part, and what is behind it is taken as it stands. */
function copyEscaped(
  block: Uint8Array,
  start: number,
  end: number,
  quote: number,
  target: Uint8Array,
  at: number,
): number {
  let to = at
  let from = start
  while (from < end) {
    const byte = block[from++]!
    if (byte === quote) {
      if (from < end && block[from] === quote) from++
      else {
        while (from < end) target[to++] = block[from++]!
        return to
      }
    }
    target[to++] = byte
  }
  return to
}
