import { type FoundEvent, type Search, stringifyExactJson } from '@timeskein/sdk'
import { readChoice } from '../../arguments.ts'
import type { SortOrder } from '../../backend/backend.ts'
import { makeSearch } from '../../backend/timesketch/make-search.ts'
import { CliError } from '../../cli-error.ts'
import type { CommandCall } from '../../command.ts'
import type { Effects } from '../../effects.ts'
import { EXIT } from '../../exit-codes.ts'
import { countWords } from '../../output/count-words.ts'
import { LISTING_FORMATS } from '../../output/listing/formats.ts'
import { type ListingRow, printListing } from '../../output/listing/print-listing.ts'
import { lines, prose } from '../../output/prose.ts'
import { openSketch, type SketchAccess } from '../../timesketch/open-sketch.ts'
import { pick } from '../../timesketch/pick.ts'
import { describeQuestion, withChips } from './chips.ts'
import { compareWildcards } from './compare-wildcards.ts'

const INTERNAL: ReadonlySet<string> = new Set(['__ts_timeline_id', '_id', '_index', '_source', '_type'])

/** What an ordinary search has read of its command line already. */
export interface Exploring {
  readonly query: string
  readonly limit: number | 'all'
  readonly sort: SortOrder
  readonly fields: readonly string[] | undefined
}

/** Asks a search as Timesketch does: with labels, saved searches, wildcards, and its formats. */
export async function explore(asked: Exploring, call: CommandCall, effects: Effects): Promise<number> {
  const format = call.flag('json') ? 'json' : (readChoice(call, 'format', LISTING_FORMATS) ?? 'table')
  if (call.flag('compare') && !call.flag('wildcard'))
    throw new CliError('--compare compares a search with --wildcard: give both', EXIT.usage)
  await using access = await openSketch(call, effects, call.text('sketch') ?? '')
  const search = await readSearch(access, asked, call, effects)
  if (call.flag('describe')) {
    const { query, fields, filter } = describeQuestion(search.question)
    if (call.flag('json')) await effects.writeData(`${JSON.stringify({ query, fields, filter })}\n`)
    else
      await effects.writeOut(
        lines([
          `Query string: ${query}`,
          `Return fields: ${fields}`,
          ...`Filter: ${JSON.stringify(filter, null, 2)}`.split('\n'),
        ]),
      )
    return EXIT.ok
  }
  if (call.flag('compare')) {
    await effects.writeData(`${JSON.stringify(await compareWildcards(search, access.options), null, 2)}\n`)
    return EXIT.ok
  }
  const isInternal = call.flag('internal-columns')
  const pickFields = (event: FoundEvent): ListingRow => pickColumns(event, asked.fields, isInternal)
  if (format === 'jsonl') {
    for await (const event of search.events(access.options))
      await effects.writeData(`${stringifyExactJson(pickFields(event))}\n`)
    return EXIT.ok
  }
  const rows: ListingRow[] = []
  for await (const event of search.events(access.options)) rows.push(pickFields(event))
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  await printListing(rows, columns, call, effects)
  if (format === 'table' && !call.flag('quiet'))
    effects.writeError(prose`${countWords(rows.length, 'event')} shown\n`)
  return EXIT.ok
}

async function readSearch(
  access: SketchAccess,
  { query, limit, sort, fields }: Exploring,
  call: CommandCall,
  { signal }: Effects,
): Promise<Search> {
  const saved = call.text('saved-search')
  const kept = saved === undefined ? undefined : await openSaved(access, saved)
  const [timeline, from, to] = [call.text('timeline'), call.text('from'), call.text('to')]
  const narrowed = await makeSearch(access.timesketch, {
    sketchId: access.sketch.id,
    query: query === '' ? (kept?.question.query ?? '') : query,
    ...(timeline === undefined ? {} : { timeline }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    signal,
  })
  const order = call.text('sort') === undefined ? (kept?.question.order ?? sort) : sort
  const base = kept
    ? narrowed.with({
        dsl: query === '' ? kept.question.dsl : undefined,
        chips: kept.question.chips,
        timelines: narrowed.question.timelines ?? kept.question.timelines,
        fields: kept.question.fields,
      })
    : narrowed
  const chosen = fields ? base.withFields(...fields) : base
  return withChips(chosen, call)
    .with({ order, limit: limit === 'all' ? undefined : limit })
    .withWildcards(call.flag('wildcard'))
}

async function openSaved({ sketch, options }: SketchAccess, nameOrId: string): Promise<Search> {
  const { id } = pick(await sketch.savedSearches.list(options), nameOrId, 'saved search', ({ name }) => name)
  return await sketch.savedSearches.open(id, options)
}

// The label comes along whether it was asked for or not.
function pickColumns(
  event: FoundEvent,
  fields: readonly string[] | undefined,
  isInternal: boolean,
): ListingRow {
  const all = { ...event.fields, ...(isInternal ? { _id: event.id, _index: event.index } : {}) }
  const entries = Object.entries(all).filter(
    ([name]) =>
      (isInternal || !INTERNAL.has(name)) && (name !== 'label' || fields?.includes('label') === true),
  )
  return Object.fromEntries(entries)
}
