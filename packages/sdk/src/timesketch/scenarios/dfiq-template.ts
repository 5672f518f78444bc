import { readText, readTexts, type WireRecord } from '../wire/record.ts'

/** A template of a scenario or a question that a server has (DFIQ). */
export interface DfiqTemplate {
  readonly id: string
  readonly uuid: string
  readonly name: string
  readonly description: string
  readonly tags: readonly string[]
  readonly parentIds: readonly string[]
  readonly childIds: readonly string[]
  /** Everything the server said of it: facets and questions of a scenario, approaches of a question. */
  readonly raw: WireRecord
}

export function toDfiqTemplate(record: WireRecord): DfiqTemplate {
  return {
    id: readText(record, 'id'),
    uuid: readText(record, 'uuid'),
    name: readText(record, 'name'),
    description: readText(record, 'description'),
    tags: readTexts(record, 'tags'),
    parentIds: readTexts(record, 'parent_ids'),
    childIds: readTexts(record, 'child_ids'),
    raw: record,
  }
}
