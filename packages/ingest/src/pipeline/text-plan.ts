import type { Buffer } from 'node:buffer'
import { listNamedFields, readConstant } from '@timeskein/model/events'
import { MAX_ROW_BYTES } from '../batch/limits.ts'
import { PeekableSource } from '../containers/byte-source.ts'
import { type DetectedFormat, detectFormat } from '../detect/detect-format.ts'
import { EMPTY_LIST, isEmptyList } from '../detect/empty-list.ts'
import { nameClosedContainer } from '../detect/magic-numbers.ts'
import { describeObjectLists } from '../detect/object-lists.ts'
import { sampleCsvFields, sampleJsonFields } from '../detect/sample-fields.ts'
import { describeContent, UnknownFormatError } from '../detect/unknown-format-error.ts'
import { describeUntimedHistory } from '../detect/untimed-history.ts'
import { DecodedSource } from '../encoding/decoded-source.ts'
import { detectEncoding, type TextEncoding } from '../encoding/detect-encoding.ts'
import { MAX_NULS_LOOKED_AT, NulSifter } from '../encoding/nul-sifter.ts'
import { chooseMapping } from '../schemas/choose-mapping.ts'
import { describeDatesOnly } from '../schemas/dates-only.ts'
import { describeJoined } from '../schemas/describe-joined.ts'
import type { FieldSample, Mapping, TimeSource } from '../schemas/mapping.ts'
import { findRecordTransform } from '../schemas/record-transforms.ts'
import type { ReadOptions } from './read-options.ts'
import type { StretchSettings, TableFormat } from './stretch.ts'

/** A file as the text that it is. */
export interface DecodedText {
  /** UTF-8 without byte order mark. */
  readonly text: PeekableSource
  readonly encoding: TextEncoding
  /** What the file begins with, as it stands there. */
  readonly beginning: Buffer
  /** NULs of what was read so far that are left out, as they are no text. */
  passedNuls(): number
  /** Lets the text be read to its end, however many NULs stand in it; before, it is looked at as far as `MAX_NULS_LOOKED_AT` allows. */
  readOn(): void
  /** Characters of what was read so far that are none of the encoding; bytes that are no UTF-8 are counted with the rows. */
  countUndecoded(): number
  /** Sentences about what of the text read so far could not be decoded, or was left out. */
  describeLeftOut(): readonly string[]
}

/**
 * Decodes a file by what its first bytes say of its encoding, or as the options say.
 *
 * @throws {UnknownEncodingError}
 */
export async function decodeText(source: PeekableSource, { encoding }: ReadOptions): Promise<DecodedText> {
  const beginning = await source.peek(64 * 1024)
  const found = detectEncoding(beginning, encoding)
  const { encoding: name } = found
  const decoded = new DecodedSource(source, found)
  const sifter = new NulSifter(decoded)
  return {
    text: new PeekableSource(sifter),
    encoding: name,
    beginning,
    passedNuls: () => sifter.passedNuls,
    readOn: () => sifter.readOn(),
    countUndecoded: () => decoded.undecodedCount,
    describeLeftOut: () => [...describeUndecoded(decoded.undecodedCount, name), ...describeNuls(sifter)],
  }
}

function describeNuls({ passedNuls, partedLines }: NulSifter): readonly string[] {
  if (passedNuls === 0) return []
  const nuls = passedNuls === 1 ? '1 NUL was' : `${passedNuls.toLocaleString('en')} NULs were`
  const told = `${nuls} passed over: many in a row are mostly what a crash left where a disk had not yet written.`
  if (partedLines === 0) return [told]
  const lines = partedLines === 1 ? '1 line' : `${partedLines.toLocaleString('en')} lines`
  return [`${told} They parted ${lines} in two; lines behind are counted accordingly.`]
}

function describeUndecoded(count: number, encoding: TextEncoding): readonly string[] {
  if (count === 0) return []
  const characters =
    count === 1
      ? `1 character could not be decoded as ${encoding}; it is`
      : `${count} characters could not be decoded as ${encoding}; they are`
  return [`${characters} kept as U+FFFD. The text may be of another encoding (option "encoding").`]
}

/** How one text is going to be read: what was found out from its beginning. */
export interface TextPlan {
  /** Format and, where one was recognised, schema: `csv/hayabusa`, `jsonl`. */
  readonly format: string
  readonly encoding: TextEncoding
  /** Sentences that say what was recognised and why. */
  readonly reasons: readonly string[]
  /** What the fields mean, for people and for the import's profile. */
  readonly mapping: Mapping
  readonly settings: StretchSettings & { readonly format: TableFormat }
  /** The text as UTF-8, whole. */
  readonly source: PeekableSource
  /** Bytes in front that hold no rows. */
  readonly skipBytes: number
  /** Sentences about what else is worth knowing of the text. */
  readonly remarks: readonly string[]
}

/** No mapping could be made for an input: no field is the time, or `--map` names one that is not there. */
export class MappingError extends Error {
  override readonly name = 'MappingError'
  readonly code: 'no-time-field' | 'unknown-field'
  readonly path: string
  readonly fields: readonly string[]

  constructor(
    path: string,
    code: 'no-time-field' | 'unknown-field',
    problem: string,
    fields: readonly string[],
  ) {
    super(`cannot read ${path}: ${problem}`)
    this.path = path
    this.code = code
    this.fields = fields
  }
}

/** Bytes of a text that are looked at before it is read; more while they do not hold one whole row. */
const SAMPLE_BYTES: number = 1024 * 1024

/** The same where every time of a row is asked for: which fields are times is decided by so much. */
const ALL_TIMES_SAMPLE_BYTES: number = 16 * 1024 * 1024

/**
 * Fields of JSON records that are times whatever else a record has; they count last, since one file may hold records of
 * several kinds, of which the first ones show only some.
 */
const COMMON_TIMES = [
  '@timestamp',
  'timestamp',
  'datetime',
  'TimeCreated',
  'EventTime',
  'eventTime',
  'UtcTime',
  'TimeGenerated',
  'CreationTime',
  'event.created',
  'time',
  '_time',
  'ts',
  'date',
  'published',
  'created_at',
]

/**
 * Looks at the beginning of a text and decides how to read it.
 *
 * @throws {UnknownFormatError}
 * @throws {MappingError}
 * @throws {UnknownEncodingError}
 */
export async function planText(
  path: string,
  decoded: DecodedText,
  options: ReadOptions,
  changedUs: number | undefined,
): Promise<TextPlan> {
  const { text, encoding } = decoded
  const { sample, detected } = await detectFromStart(text, options)
  if (!detected) {
    const isLost = text.truncation !== undefined || nameClosedContainer(decoded.beginning) !== undefined
    throw new UnknownFormatError(path, describeUnread(path, decoded, sample), isLost)
  }
  const isEmpty =
    detected.kind === 'json' && detected.fields.length === 0 && isEmptyList(sample, detected.shape)
  let mapping = isEmpty ? EMPTY_LIST : makeMapping(path, detected, sample, options)
  if (options.times === 'all' && !isEmpty)
    mapping = makeMapping(path, detected, sample, options, await sampleEventFields(text, detected, mapping))
  const { maxRows, times = 'first' } = options
  const remarks = [
    isEmpty ? 'The list is empty: it holds nothing to import.' : undefined,
    detected.kind === 'json' ? describeObjectLists(sample, detected.shape) : undefined,
    describeDatesOnly(mapping, detected.fields),
    describeJoined(mapping),
  ]
  return {
    format: nameFormat(detected, mapping),
    encoding,
    reasons: detected.kind === 'csv' ? [detected.layout.reason, mapping.reason] : [mapping.reason],
    mapping,
    settings: {
      format: toRowFormat(detected),
      mapping: detected.kind === 'json' ? addCommonTimes(mapping, options) : mapping,
      times,
      ...(changedUs === undefined ? {} : { referenceUs: changedUs }),
      ...(maxRows === undefined ? {} : { maxRows }),
    },
    source: text,
    skipBytes: detected.kind === 'csv' ? detected.layout.dataStart : 0,
    remarks: remarks.filter((remark) => remark !== undefined),
  }
}

function describeUnread(path: string, { text, beginning, passedNuls }: DecodedText, sample: Buffer): string {
  const { truncation } = text
  const nuls = passedNuls()
  const content = nuls > 0 ? beginning : sample
  if (truncation !== undefined && content.length === 0)
    return `packed data of which nothing could be unpacked: ${truncation}`
  const history = sample.length > 0 ? describeUntimedHistory(path) : undefined
  const found = history ?? (nuls > 0 && sample.length === 0 ? describeBlank(nuls) : describeContent(content))
  return truncation === undefined ? found : `${found}; ${truncation}`
}

function describeBlank(nuls: number): string {
  return nuls > MAX_NULS_LOOKED_AT
    ? `blank: it begins with more than ${MAX_NULS_LOOKED_AT} NULs (MAX_NULS_LOOKED_AT), and was not looked at further`
    : `blank: NULs and nothing else, ${nuls.toLocaleString('en')} of them`
}

interface Detection {
  readonly sample: Buffer
  readonly detected: DetectedFormat | undefined
}

/** Looks at as much of a text as it takes to see one whole row, at most `MAX_ROW_BYTES`. */
async function detectFromStart(text: PeekableSource, options: ReadOptions): Promise<Detection> {
  for (let sizeBytes = SAMPLE_BYTES; ; sizeBytes *= 2) {
    const sample = await text.peek(sizeBytes)
    const isWhole = sample.length < sizeBytes
    const detected = detectFormat(sample, isWhole, {
      ...(options.format === undefined ? {} : { format: options.format }),
      csv: namesColumns(options) ? { isTable: true, ...options.csv } : { ...options.csv },
    })
    if (isWhole || sizeBytes >= MAX_ROW_BYTES || showsRow(sample, detected)) {
      return { sample, detected }
    }
  }
}

/** Fields that lines of no known form have. */
const LINE_FIELDS: ReadonlySet<string> = new Set(['datetime', 'message', 'data_type'])

/** Whether somebody names fields of a text that only a table has. */
export function namesColumns({ map = {} }: ReadOptions): boolean {
  return Object.values(map).some(
    (choice) =>
      readConstant(choice) === undefined && listNamedFields(choice).some((field) => !LINE_FIELDS.has(field)),
  )
}

/** The fields that events will have, from more records than a format is known by. */
async function sampleEventFields(
  text: PeekableSource,
  detected: DetectedFormat,
  mapping: Mapping,
): Promise<readonly FieldSample[]> {
  const sample = await text.peek(ALL_TIMES_SAMPLE_BYTES)
  const isWhole = sample.length < ALL_TIMES_SAMPLE_BYTES
  const maxRecords = Number.POSITIVE_INFINITY
  if (detected.kind === 'csv') return sampleCsvFields(sample, detected.layout, { isWhole, maxRecords })
  const transform = findRecordTransform(mapping.transform)
  return sampleJsonFields(sample, detected.shape, { isWhole, maxRecords, transform })
}

/** Whether looking at more of a text could not tell more about its rows. */
function showsRow(sample: Buffer, detected: DetectedFormat | undefined): boolean {
  const firstLineEnd = sample.indexOf(0x0a)
  if (detected === undefined) return firstLineEnd >= 0 && sample.indexOf(0x0a, firstLineEnd + 1) >= 0
  if (detected.kind === 'json' && detected.shape.kind === 'lines') return firstLineEnd >= 0
  return detected.fields.some(({ values }) => values.length > 0)
}

function makeMapping(
  path: string,
  detected: DetectedFormat,
  sample: Buffer,
  options: ReadOptions,
  eventFields: readonly FieldSample[] = detected.fields,
): Mapping {
  const result = chooseMapping(detected.fields, options, eventFields)
  if (!result.ok) {
    const { code, message, fields } = result.failure
    if (code === 'no-time-field' && isHeaderOnly(detected, sample)) {
      const problem = `expected rows with the time of each event, found a header and no rows (${fields.length} columns: ${showNames(fields)})`
      throw new MappingError(path, code, problem, fields)
    }
    throw new MappingError(path, code, message, fields)
  }
  return result.mapping
}

function isHeaderOnly(detected: DetectedFormat, sample: Buffer): boolean {
  if (detected.kind !== 'csv' || !detected.layout.hasHeader) return false
  return sample.toString('latin1', detected.layout.dataStart).trim() === ''
}

function showNames(names: readonly string[]): string {
  const shown = names.slice(0, 10).map((name) => JSON.stringify(name.slice(0, 80)))
  return names.length > shown.length ? `${shown.join(', ')}, …` : shown.join(', ')
}

/** The mapping with `COMMON_TIMES` behind its own, unless the user said where the time is. */
function addCommonTimes(mapping: Mapping, options: ReadOptions): Mapping {
  const isTold = ['time', 'datetime', 'timestamp'].some((name) => options.map?.[name] !== undefined)
  if (isTold || mapping.transform !== undefined) return mapping
  return { ...mapping, times: addCommon(mapping.times), allTimes: addCommon(mapping.allTimes) }
}

function addCommon(times: readonly TimeSource[]): readonly TimeSource[] {
  const known = new Set(times.map(({ fields }) => fields.join('\0')))
  const { description } = times[0]!
  const more = COMMON_TIMES.filter((field) => !known.has(field))
  return [
    ...times,
    ...more.map((field): TimeSource => ({ fields: [field], description, isAlternative: true })),
  ]
}

function nameFormat(detected: DetectedFormat, mapping: Mapping): string {
  const isKnown =
    mapping.schema !== 'generic' && mapping.schema !== 'mapped' && mapping.schema !== detected.name
  return isKnown ? `${detected.name}/${mapping.schema}` : detected.name
}

function toRowFormat(detected: DetectedFormat): TableFormat {
  if (detected.kind === 'csv') {
    return { kind: 'csv', dialect: detected.layout.dialect, columns: detected.layout.columns }
  }
  return detected.shape.kind === 'lines' ? { kind: 'lines' } : { kind: 'json', layout: detected.shape }
}
