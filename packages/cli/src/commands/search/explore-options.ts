import type { CommandCall, OptionSpec } from '../../command.ts'

/** Options that stand for Timesketch's chips: conditions beside the query. */
export const CHIP_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  label: {
    type: 'string',
    value: 'LABEL',
    multiple: true,
    help: 'events with this label; star and comment are two',
  },
  time: {
    type: 'string',
    value: 'T',
    multiple: true,
    help: 'events of this moment, or of this day; one of several is enough',
  },
  'time-range': {
    type: 'string',
    value: 'T,T',
    multiple: true,
    help: 'events from the first to the second; one of several is enough',
  },
}

/** Options by which a search is asked as Timesketch asks it, by its API. */
export const EXPLORE_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  ...CHIP_OPTIONS,
  'saved-search': {
    type: 'string',
    value: 'NAME|ID',
    help: 'what a saved search asks; the other options narrow it',
  },
  wildcard: { type: 'boolean', help: 'compare whole values, with * and ?' },
  compare: { type: 'boolean', help: 'with --wildcard: what the two ways of searching find' },
  describe: { type: 'boolean', help: 'print query, fields and filter, and stop' },
  'internal-columns': { type: 'boolean', help: 'with the server’s own: _id, _index, __ts_timeline_id' },
  'no-header': { type: 'boolean', help: 'no line of names, with csv, text and tabular' },
}
/** Formats of a search that is asked so. */
export const EXPLORE_FORMATS = ['json', 'tabular', 'text'] as const

/** Whether a command line asks for what only Timesketch's API has. */
export function isExploring(call: CommandCall): boolean {
  const format = call.text('format')
  return (
    EXPLORE_FORMATS.some((one) => one === format) ||
    Object.entries(EXPLORE_OPTIONS).some(([name, option]) =>
      option.type === 'boolean' ? call.flag(name) : call.text(name) !== undefined,
    )
  )
}
