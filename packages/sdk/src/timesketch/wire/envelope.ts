import { AnswerError } from '../../errors/answer-error.ts'
import { type ExactJson, stringifyExactJson } from '../../transport/exact-json.ts'
import { isRecord, readRecord, toRecords, type WireRecord } from './record.ts'

/** `objects` of an answer, whatever is in it. */
export function readObjects(answer: ExactJson): readonly ExactJson[] {
  const objects = isRecord(answer) ? answer['objects'] : undefined
  if (Array.isArray(objects)) return objects
  throw new AnswerError('the answer', 'a list "objects"', describe(answer))
}

/** The one object of an answer. @throws {AnswerError} When there is none. */
export function readObject(answer: ExactJson): WireRecord {
  const [first] = readObjects(answer)
  if (isRecord(first)) return first
  throw new AnswerError('the answer', 'an object in "objects"', describe(first ?? null))
}

/** A list of models, which lies in a list; an empty list has none. */
export function readModels(answer: ExactJson): readonly WireRecord[] {
  return toRecords(readObjects(answer)[0])
}

/** Objects that lie in `objects` themselves. */
export function readFlat(answer: ExactJson): readonly WireRecord[] {
  return toRecords(readObjects(answer))
}

export function readMeta(answer: ExactJson): WireRecord {
  return isRecord(answer) ? readRecord(answer, 'meta') : {}
}

/** An answer that is an object without an envelope. */
export function readBare(answer: ExactJson): WireRecord {
  if (isRecord(answer)) return answer
  throw new AnswerError('the answer', 'an object', describe(answer))
}

function describe(value: ExactJson): string {
  const text = stringifyExactJson(value)
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}
