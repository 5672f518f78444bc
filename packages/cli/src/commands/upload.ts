import { stat } from 'node:fs/promises'
import { extname } from 'node:path'
import { readChoice, readWholeNumber, readWords, requireText } from '../arguments.ts'
import { CliError } from '../cli-error.ts'
import { BACKEND_OPTIONS, type Command, type CommandCall, OUTPUT_OPTIONS } from '../command.ts'
import type { Effects } from '../effects.ts'
import { EXIT } from '../exit-codes.ts'
import { SKETCH_OPTION } from './case/actions.ts'
import { UPLOAD_ENDINGS } from './upload/endings.ts'

/** `skein upload`: what Timesketch's importer does; the rows are read here and sent. `skein import` reads far more, into ours only. */
export const uploadCommand: Command = {
  name: 'upload',
  summary: 'Send CSV, JSON lines or Plaso to a Timesketch server, as its importer does.',
  usage: ['FILE... --sketch NAME|ID [options]'],
  options: {
    sketch: { ...SKETCH_OPTION, help: 'the sketch; a name that does not exist is made' },
    'sketch-strategy': {
      type: 'string',
      value: 'newest|oldest',
      help: 'which sketch, when several have the name (default: refuse)',
    },
    timeline: { type: 'string', value: 'NAME', help: 'the timeline (default: the file’s name)' },
    map: {
      type: 'string',
      value: 'A=B,…',
      help: 'columns that stand for Timesketch’s, joined by +: datetime=When,message=Host+What; sent --whole',
    },
    'message-format': {
      type: 'string',
      value: 'TEXT',
      help: 'the message of each event, with {field} in it',
    },
    'time-field': {
      type: 'string',
      value: 'FIELD',
      help: 'the field with the time (default: datetime, else found)',
    },
    'timestamp-desc': {
      type: 'string',
      value: 'TEXT',
      help: 'what the time means, where a row does not say',
    },
    'data-type': { type: 'string', value: 'TEXT', help: 'data_type of rows that have none' },
    delimiter: { type: 'string', value: 'CHAR', help: 'of CSV (default ,)' },
    encoding: { type: 'string', value: 'NAME', help: 'of the text (default utf-8)' },
    'log-config-file': {
      type: 'string',
      value: 'FILE',
      help: 'YAML of log formats, as Timesketch’s importer reads it',
    },
    'data-label': {
      type: 'string',
      value: 'TEXT',
      help: 'timelines of a sketch with one label share an index',
    },
    'index-name': { type: 'string', value: 'NAME', help: 'the index (default: the server chooses)' },
    context: {
      type: 'string',
      value: 'TEXT',
      help: 'where it comes from, for people (default: the command line)',
    },
    'rows-per-request': { type: 'string', value: 'N', help: 'at most (default 50000)' },
    'bytes-per-request': {
      type: 'string',
      value: 'N',
      help: 'at most, about (default 16 MiB of rows, 32 MiB of a file)',
    },
    'plaso-event-filter': {
      type: 'string',
      value: 'TEXT',
      help: 'which events of a Plaso file, in Plaso’s words',
    },
    whole: { type: 'boolean', help: 'send the file as it is: the server reads it (Plaso always)' },
    'no-wait': { type: 'boolean', help: 'do not wait until the timeline is ready' },
    timeout: { type: 'string', value: 'SECONDS', help: 'give up after this long' },
    analyzer: {
      type: 'string',
      value: 'NAME',
      multiple: true,
      help: 'run it when the timeline is ready; several are separated by commas',
    },
    strict: { type: 'boolean', help: `exit with ${EXIT.rejectedRows} when a row was rejected` },
    ...OUTPUT_OPTIONS,
    ...BACKEND_OPTIONS,
  },
  required: ['sketch'],
  examples: [
    {
      line: 'skein upload proxy.csv --sketch case --profile timesketch',
      says: 'to the server of that profile',
    },
    {
      line: 'skein upload redline.csv -s 25 --log-config-file formats.yaml --timeline Redline',
      says: 'read as a format of that file says',
    },
    { line: 'skein upload storage.plaso -s case --profile timesketch', says: 'sent as it is' },
  ],
  run: runUpload,
}

async function runUpload(call: CommandCall, effects: Effects): Promise<number> {
  if (call.positionals.length === 0)
    throw new CliError('a file is expected. See: skein upload --help', EXIT.usage)
  for (const path of call.positionals) await requireReadable(path)
  const map = call.text('map')
  if (map !== undefined) {
    const { makeHeadersMapping, requireColumns } = await import('./upload/headers-mapping.ts')
    makeHeadersMapping(map, [])
    call.positionals.forEach(requireColumns)
  }
  const strategy = readChoice(call, 'sketch-strategy', ['newest', 'oldest'] as const)
  const rowsPerRequest = readWholeNumber(call, 'rows-per-request', 1)
  const bytesPerRequest = readWholeNumber(call, 'bytes-per-request', 1)
  const timeoutSeconds = readWholeNumber(call, 'timeout', 1)
  const sketch = requireText(call, 'sketch', 'upload')
  const analyzers = readWords(call, 'analyzer')
  if (analyzers.length > 0 && call.flag('no-wait'))
    throw new CliError('--analyzer runs when the timeline is ready: leave --no-wait out', EXIT.usage)
  const { uploadFiles } = await import('./upload/upload-files.ts')
  const limits = { rowsPerRequest, bytesPerRequest, timeoutSeconds }
  return await uploadFiles({ sketch, strategy, limits, analyzers }, call, effects)
}

// Before a sketch is made for it.
async function requireReadable(path: string): Promise<void> {
  const info = await stat(path)
  if (info.isDirectory())
    throw new CliError(`cannot read ${path}: expected a file, found a folder`, EXIT.badInput)
  if (info.size === 0) throw new CliError(`cannot upload ${path}: it is empty`, EXIT.badInput)
  const ending = extname(path).toLowerCase()
  if (UPLOAD_ENDINGS.some((known) => known === ending)) return
  throw new CliError(
    `cannot upload ${path}: a name that ends in ${UPLOAD_ENDINGS.join(', ')} is expected; skein import reads more, into ours`,
    EXIT.badInput,
  )
}
