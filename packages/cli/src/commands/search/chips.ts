import { commented, dateRange, label, type Search, type SearchQuestion, starred } from '@timeskein/sdk'
import { CliError } from '../../cli-error.ts'
import type { CommandCall } from '../../command.ts'
import { EXIT } from '../../exit-codes.ts'

/** The search with the conditions that the options name. @throws {CliError} For what is not a time. */
export function withChips(search: Search, call: CommandCall): Search {
  const ranges = call.texts('time-range').map((text) => {
    const [start = '', end = '', ...rest] = text.split(',')
    if (end === '' || rest.length > 0)
      throw new CliError(
        `--time-range takes two times such as 2024-01-01,2024-01-31; found "${text}"`,
        EXIT.usage,
      )
    return readRange(start, end, '--time-range')
  })
  const times = call.texts('time').map((time) => readRange(time, time, '--time'))
  return search.withChip(...ranges, ...times, ...call.texts('label').map(toLabelChip))
}

/** What a search asks, in the words of Timesketch's own command: query, fields, filter. */
export function describeQuestion({
  query,
  dsl,
  fields,
  order,
  chips,
  timelines,
  limit,
  useWildcards,
}: SearchQuestion): {
  readonly query: string
  readonly fields: string
  readonly filter: object
} {
  return {
    query: query ?? JSON.stringify(dsl ?? {}),
    fields: fields?.join(',') ?? '',
    filter: {
      order,
      chips,
      indices: timelines ?? '_all',
      ...(limit === undefined ? {} : { size: limit }),
      ...(useWildcards ? { use_wildcard_fields: true } : {}),
    },
  }
}

function readRange(start: string, end: string, option: string): ReturnType<typeof dateRange> {
  try {
    return dateRange(start, end)
  } catch (error) {
    if (error instanceof RangeError)
      throw new CliError(`${option}: ${error.message}`, EXIT.usage, { cause: error })
    throw error
  }
}

function toLabelChip(name: string): ReturnType<typeof label> {
  if (name === 'star') return starred()
  return name === 'comment' ? commented() : label(name)
}
