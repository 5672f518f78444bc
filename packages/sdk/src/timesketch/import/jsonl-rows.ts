import { parseExactJson } from '../../transport/exact-json.ts'
import { isRecord } from '../wire/record.ts'
import type { SourceRow } from './source-row.ts'

/** Longest line of a file of JSON lines, in UTF-16 units. */
export const MAX_LINE_UNITS: number = 256 * 1024 * 1024

/** Rows of JSON lines; a line that is none is told. Empty lines are none. */
export async function* readJsonlRows(text: AsyncIterable<string>): AsyncGenerator<SourceRow> {
  let line = 0
  let pending = ''
  for await (const part of text) {
    const lines = (pending + part).split('\n')
    pending = lines.pop() ?? ''
    if (pending.length > MAX_LINE_UNITS)
      throw new RangeError(
        `a line may have ${MAX_LINE_UNITS} characters; line ${line + lines.length + 1} has more`,
      )
    for (const one of lines) {
      line += 1
      if (one.trim() !== '') yield readLine(one, line)
    }
  }
  if (pending.trim() !== '') yield readLine(pending, line + 1)
}

function readLine(text: string, line: number): SourceRow {
  try {
    const value = parseExactJson(text)
    return isRecord(value) ? { line, row: value } : { line, problem: 'expected a JSON object' }
  } catch (error) {
    if (error instanceof SyntaxError) return { line, problem: `no JSON: ${error.message}` }
    throw error
  }
}
