import { AnswerError } from '../../errors/answer-error.ts'
import { parseExactJson } from '../../transport/exact-json.ts'
import { readLines } from '../../transport/json-lines.ts'
import { path } from '../../transport/path.ts'
import type { CallOptions } from '../connection/call-options.ts'
import type { Connection } from '../connection/connection.ts'
import type { FoundEvent } from '../search/page.ts'
import { type SearchQuestion, toSearchBody } from '../search/question.ts'
import { isRecord } from '../wire/record.ts'

/**
 * Every event that a question finds, in no order, in one stream: the fastest way to all of them. `limit` and `order` are not asked.
 *
 * @throws {AnswerError} For a line that is no event: nothing is left out without a word.
 */
export async function* exportEvents(
  connection: Connection,
  sketchId: number,
  question: SearchQuestion,
  options?: CallOptions,
): AsyncGenerator<FoundEvent> {
  const place = path`/sketches/${sketchId}/exportstream/`
  const { query, dsl, fields, filter } = toSearchBody(question)
  const { size, terminate_after, ...rest } = filter as Record<string, unknown>
  const json = { query, dsl, fields, filter: rest }
  const body = await connection.stream({ method: 'POST', path: place, json, isQuestion: true }, options)
  let lineNumber = 0
  for await (const line of readLines(body)) {
    lineNumber += 1
    if (line.trim() === '') continue
    const event = readEvent(line)
    if (!event)
      throw new AnswerError(`POST ${place}`, 'an event on each line', `something else on line ${lineNumber}`)
    yield event
  }
}

function readEvent(line: string): FoundEvent | undefined {
  try {
    const record = parseExactJson(line)
    if (!isRecord(record)) return undefined
    const { _id, _index, ...fields } = record
    return { id: String(_id ?? ''), index: String(_index ?? ''), fields }
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
