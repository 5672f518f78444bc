import type { FormatterDefinition } from '../definition.ts'

/** A formatter of ours in one row: short source, source, and pieces with ` | ` between them; a piece without its attribute is left out. */
export type OwnRow = readonly [shortSource: string, source: string, pieces: string, helpers?: OwnHelpers]

/** What changes values before they are written. */
export type OwnHelpers = Pick<
  FormatterDefinition,
  'boolean_helpers' | 'custom_helpers' | 'enumeration_helpers' | 'flags_helpers'
>

/** Rows by data type. */
export type OwnTable = Readonly<Record<string, OwnRow>>

/** Makes definitions of rows. */
export function toDefinitions(table: OwnTable): readonly FormatterDefinition[] {
  return Object.entries(table).map(([dataType, [shortSource, source, pieces, helpers]]) => ({
    data_type: dataType,
    type: 'conditional',
    message: pieces.split(' | '),
    short_source: shortSource,
    source,
    isOwn: true,
    ...helpers,
  }))
}

/** Asks for effects that are written in code (`CUSTOM_EFFECTS`). */
export function custom(...identifiers: readonly string[]): OwnHelpers {
  return { custom_helpers: identifiers.map((identifier) => ({ identifier })) }
}

/** Puts words in the place of an attribute's numbers. */
export function words(attribute: string, values: Readonly<Record<number, string>>): OwnHelpers {
  return {
    enumeration_helpers: [
      {
        input_attribute: attribute,
        output_attribute: attribute,
        values: Object.entries(values).map(([key, text]) => [Number(key), text] as const),
      },
    ],
  }
}

/** Puts one of two words in the place of an attribute that is true or false. */
export function either(attribute: string, whenTrue: string, whenFalse: string): OwnHelpers {
  return {
    boolean_helpers: [
      {
        input_attribute: attribute,
        output_attribute: attribute,
        value_if_true: whenTrue,
        value_if_false: whenFalse,
      },
    ],
  }
}
