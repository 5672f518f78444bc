import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { nameColumns } from '@timeskein/model'
import { readChoice, requireText } from '../arguments.ts'
import type { Backend, Question } from '../backend/backend.ts'
import { openBackend } from '../backend/open-backend.ts'
import { CliError } from '../cli-error.ts'
import {
  BACKEND_OPTIONS,
  type Command,
  type CommandCall,
  OUTPUT_OPTIONS,
  QUESTION_OPTIONS,
} from '../command.ts'
import type { Effects } from '../effects.ts'
import { EXIT } from '../exit-codes.ts'
import { countWords } from '../output/count-words.ts'
import type { createEventWriter, EventWriter } from '../output/event-writer.ts'
import { cannotWrite, type OutputFile, openOutputFile } from '../output/output-file.ts'
import type { ParquetColumn } from '../output/parquet-writer.ts'
import { prose } from '../output/prose.ts'
import { createProgressDrawer } from '../progress/progress.ts'
import { areAllNamed, chooseFields, expandFields, listByFrequency, readFieldList } from './field-choice.ts'
import { readQuestion } from './question.ts'

/** `skein export`: the file is written beside its place and moved there when it is whole. */
export const exportCommand: Command = {
  name: 'export',
  summary: 'Write events to a file: CSV, JSON lines, Parquet or Arrow.',
  usage: ['--sketch NAME|ID --format csv|jsonl|parquet|arrow --out FILE [--query QUERY] [options]'],
  options: {
    query: { type: 'string', value: 'QUERY', help: 'only events that answer (default all)' },
    format: { type: 'string', value: 'csv|jsonl|parquet|arrow', help: 'what to write' },
    out: {
      type: 'string',
      short: 'o',
      value: 'FILE',
      help: 'the file to write; - for standard output (not parquet)',
    },
    fields: {
      type: 'string',
      short: 'f',
      value: 'A,B',
      help: 'these fields only; * stands for any characters',
    },
    annotated: { type: 'boolean', help: 'only events with a comment, a star or a tag' },
    sort: {
      type: 'string',
      value: 'asc|desc',
      help: 'by time (default: in the order of arrival, which is quickest)',
    },
    ...QUESTION_OPTIONS,
    ...OUTPUT_OPTIONS,
    ...BACKEND_OPTIONS,
  },
  required: ['sketch', 'out'],
  examples: [
    {
      line: 'skein export --sketch case --format jsonl --out case.jsonl',
      says: 'everything, as it was sent; can be imported again',
    },
    {
      line: "skein export -s case --query 'tag:lateral' --format csv -o lateral.csv",
      says: 'for a spreadsheet; formulas are neutralised',
    },
  ],
  run: runExport,
}

async function runExport(call: CommandCall, effects: Effects): Promise<number> {
  const format = readChoice(call, 'format', ['csv', 'jsonl', 'parquet', 'arrow'] as const)
  if (format === undefined) throw new CliError('--format is needed: csv, jsonl, parquet or arrow', EXIT.usage)
  const path = requireText(call, 'out', 'export')
  const named = readFieldList(call)
  const sort = readChoice(call, 'sort', ['asc', 'desc'] as const)
  if (path === '-' && format === 'parquet')
    throw new CliError('Parquet cannot be written to standard output; name a file', EXIT.usage)
  await using backend = call.flag('annotated')
    ? await (await import('./export/annotated.ts')).openAnnotated(call, effects)
    : await openBackend(call, effects, { mustExist: true })
  const question = await readQuestion(call, 'export', call.text('query') ?? '', backend, effects)
  const fields = named && !areAllNamed(named) ? await expandFields(named, backend, question) : undefined
  const { count: total } = await backend.count(question)
  const drawer = createProgressDrawer(effects, call.flag('quiet'))
  const file =
    path === '-' ? undefined : await openOutputFile(path, format === 'parquet' ? 'Parquet' : undefined)
  const sink = file ? await openFileSink(path, file) : openStandardOutput(effects)
  let rowCount = 0
  try {
    const writer =
      format === 'parquet'
        ? await openParquet(
            sink.write,
            await chooseParquetColumns(backend, question, fields),
            fields === undefined,
          )
        : await openWriter(format, sink.write, chooseFields(fields, backend, question))
    const derived = format === 'jsonl' && !fields ? 'import' : 'all'
    for await (const rows of backend.scan(question, { sort, derived })) {
      await writer.write(rows)
      rowCount += rows.length
      drawer.update({ label: 'export', done: rowCount, total, unit: 'rows' })
    }
    await writer.end()
    await sink.finish()
    await file?.finish()
  } catch (error) {
    await sink.discard()
    await file?.discard()
    throw error
  } finally {
    drawer.end()
  }
  if (call.flag('json')) await effects.writeData(`${JSON.stringify({ path, format, events: rowCount })}\n`)
  else if (!call.flag('quiet'))
    effects.writeError(
      prose`${countWords(rowCount, 'event')} written to ${file ? path : 'standard output'}\n`,
    )
  return EXIT.ok
}

/** So much may wait for the disk while the next events are read and put into words. */
const WRITE_AHEAD_BYTES = 4 * 1024 * 1024

/** Where an export's text goes. */
interface Sink {
  write: Effects['writeData']
  /** Resolves when everything has been handed to the system. */
  finish(): Promise<void>
  discard(): Promise<void>
}

function openStandardOutput(effects: Effects): Sink {
  return { write: effects.writeData, finish: async () => {}, discard: async () => {} }
}

async function openFileSink(path: string, file: OutputFile): Promise<Sink> {
  const output = createWriteStream(file.path, { highWaterMark: WRITE_AHEAD_BYTES })
  try {
    await once(output, 'open')
  } catch (error) {
    throw cannotWrite(path, error)
  }
  return {
    write: async (text) => {
      if (!output.write(text)) await once(output, 'drain')
    },
    finish: async () => {
      const closed = once(output, 'close')
      output.end()
      await closed
    },
    discard: async () => {
      output.destroy()
    },
  }
}

async function openWriter(...parameters: Parameters<typeof createEventWriter>): Promise<EventWriter> {
  const { createEventWriter } = await import('../output/event-writer.ts')
  return await createEventWriter(...parameters)
}

async function openParquet(
  write: Effects['writeData'],
  columns: readonly ParquetColumn[],
  hasOthers: boolean,
): Promise<EventWriter> {
  const { createParquetWriter } = await import('../output/parquet-writer.ts')
  return createParquetWriter(write, columns, hasOthers)
}

// A column for each field, typed where all its values have one type. Readers compare names without regard to case often enough
// that names which differ only in case would be lost: only the first of them gets a column.
async function chooseParquetColumns(
  backend: Backend,
  question: Question,
  fields: readonly string[] | undefined,
): Promise<readonly ParquetColumn[]> {
  if (fields) return fields.map((name) => ({ name, type: 'STRING' }))
  const known = new Map((await listByFrequency(backend, question)).map((field) => [field.name, field.kinds]))
  const columns = new Map<string, ParquetColumn>()
  for (const name of nameColumns([...known.keys()])) {
    const key = name.toLowerCase()
    if (!columns.has(key)) columns.set(key, { name, type: chooseType(known.get(name) ?? []) })
  }
  return [...columns.values()]
}

function chooseType(kinds: readonly string[]): ParquetColumn['type'] {
  if (kinds.length !== 1) return 'STRING'
  switch (kinds[0]) {
    case 'integer':
      return 'INT64'
    case 'real':
      return 'DOUBLE'
    case 'boolean':
      return 'BOOLEAN'
    default:
      return 'STRING'
  }
}
