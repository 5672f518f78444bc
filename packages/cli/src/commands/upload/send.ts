import { openAsBlob } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import {
  BUILT_IN_LOG_FORMATS,
  chooseLogFormat,
  type FormatOptions,
  type ImportAccount,
  type ImportProgress,
  type LogText,
  readColumns,
  type TimelineDetail,
} from '@timeskein/sdk'
import { CliError } from '../../cli-error.ts'
import type { CommandCall } from '../../command.ts'
import { EXIT } from '../../exit-codes.ts'
import type { TimesketchAccess } from '../../timesketch/open-timesketch.ts'
import { type HeadersMapping, makeHeadersMapping } from './headers-mapping.ts'
import { readLogFormats } from './read-log-formats.ts'

/** Limits that a command line sets; undefined for the client's own. */
export interface Limits {
  readonly rowsPerRequest: number | undefined
  readonly bytesPerRequest: number | undefined
  readonly timeoutSeconds: number | undefined
}

/** One file on its way. */
export interface Job {
  readonly path: string
  readonly sketchId: number
  readonly limits: Limits
  readonly onProgress: (progress: ImportProgress) => void
}

/** What sends, as the server shows it. */
const PROVIDER = 'skein upload'

/** Sends a file as it is; the server finds out what is in it. */
export async function sendWhole(
  { timesketch, options }: TimesketchAccess,
  { path, sketchId, limits, onProgress }: Job,
  call: CommandCall,
): Promise<TimelineDetail> {
  return await timesketch.sketch(sketchId).imports.path(path, {
    ...readShared(path, call),
    ...pickTexts(call, { delimiter: 'delimiter', plasoEventFilter: 'plaso-event-filter' }),
    ...(await readMapping(path, call)),
    ...(limits.bytesPerRequest === undefined ? {} : { chunkBytes: limits.bytesPerRequest }),
    signal: withTimeout(options.signal, limits),
    onProgress,
  })
}

/** Reads rows here, makes events of them, and sends those. */
export async function sendRows(
  { timesketch, options }: TimesketchAccess,
  { path, sketchId, limits, onProgress }: Job,
  call: CommandCall,
): Promise<ImportAccount> {
  requireEncoding(call.text('encoding'))
  const kind = readKind(path)
  const blob = await openAsBlob(path)
  const format = await chooseFormat(blob, kind, call)
  const sending = {
    ...format,
    ...pickTexts(call, {
      message: 'message-format',
      timestampDesc: 'timestamp-desc',
      timeField: 'time-field',
      dataType: 'data-type',
      encoding: 'encoding',
    }),
    ...readShared(path, call),
    timeline: call.text('timeline') ?? basename(path, extname(path)),
    ...(limits.rowsPerRequest === undefined ? {} : { chunkRows: limits.rowsPerRequest }),
    ...(limits.bytesPerRequest === undefined ? {} : { chunkBytes: limits.bytesPerRequest }),
    signal: withTimeout(options.signal, limits),
    onProgress,
  }
  const { imports } = timesketch.sketch(sketchId)
  return kind === 'csv'
    ? await imports.csv(blob, { ...sending, ...pickTexts(call, { delimiter: 'delimiter' }) })
    : await imports.jsonl(blob, sending)
}

function readKind(path: string): LogText['format'] {
  return extname(path).toLowerCase() === '.csv' ? 'csv' : 'jsonl'
}

async function readMapping(path: string, call: CommandCall): Promise<{ headersMapping?: HeadersMapping }> {
  const text = call.text('map')
  if (text === undefined) return {}
  const columns = await readColumns(await openAsBlob(path), {
    format: readKind(path),
    delimiter: call.text('delimiter'),
  })
  return { headersMapping: makeHeadersMapping(text, columns) }
}

/** The options of the first log format that fits, of the file of formats that is named, else of those built in. */
async function chooseFormat(
  blob: Blob,
  format: LogText['format'],
  call: CommandCall,
): Promise<FormatOptions> {
  const file = call.text('log-config-file')
  const own = file === undefined ? {} : readLogFormats(file, await readFile(file, 'utf8'))
  const { dataType } = pickTexts(call, { dataType: 'data-type' })
  for (const [name, one] of Object.entries({ ...BUILT_IN_LOG_FORMATS, ...own })) {
    const columns = await readColumns(blob, {
      format,
      delimiter: call.text('delimiter') ?? one.separator,
      encoding: call.text('encoding') ?? one.encoding,
    })
    const log = { columns, ...(dataType === undefined ? {} : { dataType }) }
    const options = chooseLogFormat({ [name]: one }, log)
    if (Object.keys(options).length > 0) return options
  }
  return {}
}

function readShared(
  path: string,
  call: CommandCall,
): {
  provider: string
  context: string
  wait: boolean
  timeline?: string
  indexName?: string
  dataLabel?: string
} {
  return {
    provider: PROVIDER,
    context: call.text('context') ?? `skein upload ${basename(path)}`,
    wait: !call.flag('no-wait'),
    ...pickTexts(call, { timeline: 'timeline', indexName: 'index-name', dataLabel: 'data-label' }),
  }
}

/** Options of the command line under the names of the client; those that were not given are left out. */
function pickTexts<Name extends string>(
  call: CommandCall,
  names: Readonly<Record<Name, string>>,
): Partial<Record<Name, string>> {
  const given = Object.entries<string>(names).flatMap(([name, option]) => {
    const text = call.text(option)
    return text === undefined ? [] : [[name, text] as const]
  })
  // Only names of `names` are in it.
  return Object.fromEntries(given) as Partial<Record<Name, string>>
}

function withTimeout(signal: AbortSignal, { timeoutSeconds }: Limits): AbortSignal {
  return timeoutSeconds === undefined
    ? signal
    : AbortSignal.any([signal, AbortSignal.timeout(timeoutSeconds * 1000)])
}

function requireEncoding(label: string | undefined): void {
  try {
    new TextDecoder(label)
  } catch (error) {
    throw new CliError(`the encoding "${label}" is not known`, EXIT.usage, { cause: error })
  }
}
