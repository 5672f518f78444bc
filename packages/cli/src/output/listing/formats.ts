import type { OptionSpec } from '../../command.ts'

/** Formats of lists: our table, and those of Timesketch's own command. */
export const LISTING_FORMATS = ['table', 'csv', 'tabular', 'json', 'jsonl', 'text'] as const
/** One of `LISTING_FORMATS`. */
export type ListingFormat = (typeof LISTING_FORMATS)[number]

/** Options of a verb that prints a list. */
export const LISTING_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  format: {
    type: 'string',
    value: LISTING_FORMATS.join('|'),
    help: 'how the list is printed (default table)',
  },
  'no-header': { type: 'boolean', help: 'no line of names, with csv, text and tabular' },
}
