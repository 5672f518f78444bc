import type { RecordTransformName, TimeSource } from './mapping.ts'

/** A known shape of input: how it is recognised, and what its fields mean. */
export interface Schema {
  /** Short name, as it stands in an import's format: `csv/hayabusa`. */
  readonly name: string
  /** What people call the source, for the sentence that says why: `Hayabusa timeline`. */
  readonly title: string
  /** Fields that must all be there, written exactly so; where several spellings exist, an inner list of them. */
  readonly required: readonly (string | readonly string[])[]
  /** Fields none of which may be there. */
  readonly without?: readonly string[]
  /** Where the time stands, in order of preference. */
  readonly times: readonly TimeSource[]
  /** Further times of a row, for `--times all`. */
  readonly moreTimes?: readonly TimeSource[]
  /** Fields that can stand for `message`, best first. */
  readonly message?: readonly string[]
  /** Field that stands for the `message` of rows that have none, where others have one. */
  readonly standIn?: string
  /** Other wanted fields and the fields that can stand for them, best first. */
  readonly aliases?: Readonly<Record<string, readonly string[]>>
  /** Fields with one value for the whole import; `timestamp_desc` comes from the first time unless given here. */
  readonly constants?: Readonly<Record<string, string>>
  /** Zone of times without one. @default UTC */
  readonly timeZone?: string
  /** Fixed order of numeric dates. */
  readonly dayFirst?: boolean
  readonly transform?: RecordTransformName
  /** The field `tag` has the event's tags in one text, if it is a text. @default false */
  readonly hasTagTexts?: boolean
}

/** A time in one field. */
export function timeField(
  field: string,
  description: string,
  more: Omit<TimeSource, 'fields' | 'description'> = {},
): TimeSource {
  return { fields: [field], description, ...more }
}

/** Whether an input with these fields has a schema's shape. */
export function matchesSchema(schema: Schema, fields: ReadonlySet<string>): boolean {
  for (const wanted of schema.required) {
    const isThere = typeof wanted === 'string' ? fields.has(wanted) : wanted.some((name) => fields.has(name))
    if (!isThere) return false
  }
  return !schema.without?.some((name) => fields.has(name))
}
