import { readChoice, readWholeNumber } from '../arguments.ts'
import type { Backend, EventRow, Question, SortOrder } from '../backend/backend.ts'
import { openBackend } from '../backend/open-backend.ts'
import { CliError } from '../cli-error.ts'
import { answerOptions, type Command, type CommandCall } from '../command.ts'
import type { Effects } from '../effects.ts'
import { EXIT } from '../exit-codes.ts'
import { countWords } from '../output/count-words.ts'
import { EVENT_FORMATS, type EventFormat } from '../output/event-formats.ts'
import { drawEventTable } from '../output/event-table.ts'
import type { FieldChoice } from '../output/event-writer.ts'
import { prose } from '../output/prose.ts'
import { choosePlace } from '../place/choose-place.ts'
import { areAllNamed, chooseFields, expandFields, readFieldList } from './field-choice.ts'
import { printPlan, readQueryText, readQuestion } from './question.ts'
import { EXPLORE_FORMATS, EXPLORE_OPTIONS, isExploring } from './search/explore-options.ts'

const DEFAULT_LIMIT = 50
const SEARCH_FORMATS = ['table', ...EVENT_FORMATS, ...EXPLORE_FORMATS] as const

/** `skein search`: a page of hits, or with `--limit all` every one at constant memory. */
export const searchCommand: Command = {
  name: 'search',
  summary: 'Find events: Lucene query language, newest or oldest first.',
  usage: ['QUERY --sketch NAME|ID [options]'],
  options: answerOptions({
    limit: { type: 'string', short: 'n', value: 'N|all', help: `events to print (default ${DEFAULT_LIMIT})` },
    fields: {
      type: 'string',
      short: 'f',
      value: 'A,B',
      help: 'print these fields only; * stands for any characters',
    },
    sort: { type: 'string', value: 'asc|desc', help: 'by time (default asc)' },
    format: {
      type: 'string',
      value: SEARCH_FORMATS.join('|'),
      help: 'default table; on a Timesketch profile csv and jsonl are as its command prints them',
    },
    ...EXPLORE_OPTIONS,
  }),
  required: ['sketch'],
  examples: [
    { line: "skein search 'powershell AND encodedcommand' --sketch case", says: 'both words, in any field' },
    {
      line: "skein search 'EventID:4624 AND NOT User:SYSTEM' -s case --from 2026-03-10 --to 2026-03-10",
      says: 'one day of log-ons',
    },
    { line: "skein search '*' -s case --limit all --format csv > case.csv", says: 'everything, as CSV' },
    { line: "skein search 'url:*evil*' -s case --json | jq .total", says: 'for scripts' },
    {
      line: 'skein search --saved-search Logins --label star -s case',
      says: 'starred events of a saved search',
    },
  ],
  run: runSearch,
}

async function runSearch(call: CommandCall, effects: Effects): Promise<number> {
  const query = readQueryText(call, 'search')
  const sort: SortOrder = readChoice(call, 'sort', ['asc', 'desc'] as const) ?? 'asc'
  const format = readChoice(call, 'format', SEARCH_FORMATS) ?? 'table'
  const limit = call.text('limit') === 'all' ? 'all' : (readWholeNumber(call, 'limit', 0) ?? DEFAULT_LIMIT)
  const fields = readFieldList(call)
  if (format === 'arrow' && effects.isTerminal.out)
    throw new CliError('Arrow is not for terminals; send it to a file or a program', EXIT.usage)
  if (isExploring(call) || (await isPrintedAsThere(call, effects, { format, limit, fields }))) {
    const { explore } = await import('./search/explore.ts')
    return await explore({ query, limit, sort, fields }, call, effects)
  }
  await using backend = await openBackend(call, effects, { mustExist: true })
  const question = await readQuestion(call, 'search', query, backend, effects)
  if (call.flag('explain')) return await printPlan(call, backend, question, { kind: 'page' }, effects)
  const printing: Printing = {
    limit,
    sort,
    isNamed: fields !== undefined,
    // JSON has an event as it is; the other formats have a column for each field.
    fields:
      fields === undefined || (areAllNamed(fields) && (call.flag('json') || format === 'jsonl'))
        ? undefined
        : await expandFields(fields, backend, question),
  }
  if (call.flag('json')) return await printDocument(backend, question, printing, effects)
  if (format === 'table') return await printTable(backend, question, printing, effects, call.flag('quiet'))
  // The other formats are Timesketch's: such a search was explored above.
  return await printRows(backend, question, format as EventFormat, printing, effects)
}

/**
 * Whether rows for programs come as Timesketch's own command prints them: from its servers, with `datetime` first and without what tells
 * hits apart. Not all events at once as CSV, whose columns are known only when the last is there, nor fields by patterns.
 */
async function isPrintedAsThere(
  call: CommandCall,
  effects: Effects,
  { format, limit, fields }: { format: string; limit: number | 'all'; fields: readonly string[] | undefined },
): Promise<boolean> {
  if (call.flag('json') || call.flag('explain')) return false
  if (format !== 'jsonl' && (format !== 'csv' || limit === 'all')) return false
  if (fields?.some((field) => field.includes('*'))) return false
  return (await choosePlace(call, effects)).kind === 'timesketch'
}

interface Printing {
  readonly limit: number | 'all'
  readonly sort: SortOrder
  /** Fields were asked for: those that stand for what an event lacks come too. */
  readonly isNamed: boolean
  /** Only these. */
  readonly fields: readonly string[] | undefined
}

// One document, written piece by piece: `--limit all` on millions of events must not gather them first.
async function printDocument(
  backend: Backend,
  question: Question,
  printing: Printing,
  effects: Effects,
): Promise<number> {
  const { formatEventJson } = await import('../output/event-writer.ts')
  const write = effects.writeData
  const derived = printing.isNamed ? 'all' : 'none'
  const head = await backend.search(question, {
    derived,
    size: printing.limit === 'all' ? 0 : printing.limit,
    sort: printing.sort,
  })
  // What tells hits apart and where they come from is in every hit.
  const fields = printing.fields && [...new Set(['_id', 'timeline', ...printing.fields])]
  const format = (rows: readonly EventRow[]): string =>
    rows.map((row) => formatEventJson(row, fields)).join(',')
  await write(`{"total":${head.total},"hits":[`)
  if (printing.limit === 'all') {
    let isFirst = true
    for await (const rows of backend.scan(question, { sort: printing.sort, derived })) {
      if (rows.length === 0) continue
      await write(`${isFirst ? '' : ','}${format(rows)}`)
      isFirst = false
    }
  } else await write(format(head.hits))
  const reason =
    head.incompleteReason === undefined ? '' : `,"incomplete_reason":${JSON.stringify(head.incompleteReason)}`
  await write(`],"took_ms":${head.tookMs},"complete":${head.complete}${reason}}\n`)
  return EXIT.ok
}

async function printRows(
  backend: Backend,
  question: Question,
  format: EventFormat,
  printing: Printing,
  effects: Effects,
): Promise<number> {
  const { createEventWriter, listFieldsOf } = await import('../output/event-writer.ts')
  const write = effects.writeData
  const derived = format === 'jsonl' && !printing.isNamed ? 'none' : 'all'
  if (printing.limit === 'all') {
    const choice = chooseFields(printing.fields, backend, question)
    const writer = await createEventWriter(format, write, choice)
    for await (const rows of backend.scan(question, { sort: printing.sort, derived }))
      await writer.write(rows)
    await writer.end()
    return EXIT.ok
  }
  const { hits, complete, incompleteReason } = await backend.search(question, {
    size: printing.limit,
    sort: printing.sort,
    derived,
  })
  const choice: FieldChoice = printing.fields
    ? { only: printing.fields }
    : { all: async () => listFieldsOf(hits) }
  const writer = await createEventWriter(format, write, choice)
  await writer.write(hits)
  await writer.end()
  if (!complete)
    effects.writeError(prose`The answer is not complete: ${incompleteReason ?? 'unknown reason'}\n`)
  return EXIT.ok
}

async function printTable(
  backend: Backend,
  question: Question,
  printing: Printing,
  effects: Effects,
  isQuiet: boolean,
): Promise<number> {
  if (printing.limit === 'all')
    throw new CliError(
      'a table of all events cannot be drawn; add --format jsonl or csv, or a number for --limit',
      EXIT.usage,
    )
  const answer = await backend.search(question, { size: printing.limit, sort: printing.sort })
  if (answer.hits.length > 0) await effects.writeOut(drawEventTable(answer.hits, printing.fields, effects))
  if (!isQuiet) {
    const shown = answer.hits.length < answer.total ? `, ${answer.hits.length} shown` : ''
    effects.writeError(prose`${countWords(answer.total, 'event')}${shown}, ${answer.tookMs} ms\n`)
    if (!answer.complete)
      effects.writeError(prose`The answer is not complete: ${answer.incompleteReason ?? 'unknown reason'}\n`)
  }
  return EXIT.ok
}
