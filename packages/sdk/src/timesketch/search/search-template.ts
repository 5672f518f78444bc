import type { ExactJson } from '../../transport/exact-json.ts'
import { readId, readJsonText, readOptionalText, readText, type WireRecord } from '../wire/record.ts'
import { readQuestion, type SearchQuestion } from './question.ts'

/** A search that every sketch of a server can use; an administrator makes them. */
export interface SearchTemplate {
  readonly id: number
  readonly name: string
  readonly description: string
  readonly uuid: string | undefined
  readonly question: SearchQuestion
  /** The template's own text, with its variables. */
  readonly template: ExactJson | undefined
}

export function toSearchTemplate(record: WireRecord): SearchTemplate {
  return {
    id: readId(record),
    name: readText(record, 'name'),
    description: readText(record, 'description'),
    uuid: readOptionalText(record, 'template_uuid'),
    question: readQuestion(record),
    template: readJsonText(record, 'template_json'),
  }
}
