import { listNamedFields, readConstant } from '@timeskein/model/events'
import { detectTimeFormat } from '../time/detect-time.ts'
import { findNamedZone } from './field-words.ts'
import { guessMessageField, guessTimeSources, isTimeName } from './guess-by-content.ts'
import { describeJoinedFields, type JoinedField } from './joined-field.ts'
import { findSchema } from './known-schemas.ts'
import type { FieldSample, Mapping, MappingOptions, TimeSource } from './mapping.ts'
import type { Schema } from './schema.ts'

/** Why no mapping could be made; the caller turns it into a message or an error. */
export interface MappingFailure {
  /** `no-time-field`: none of the fields looks like a time. `unknown-field`: `--map` names one that is not there. */
  readonly code: 'no-time-field' | 'unknown-field'
  /** What was looked for, which fields there were, and what to say instead. */
  readonly message: string
  /** All fields that were there. */
  readonly fields: readonly string[]
}

/** A mapping, or why there is none. */
export type MappingResult =
  | { readonly ok: true; readonly mapping: Mapping }
  | { readonly ok: false; readonly failure: MappingFailure }

const MAX_NAMES_SHOWN = 40

/** Names that only a time has: its rows are rejected one by one where none of them has a time that can be read. */
const TIME_NAMES = ['datetime', '@timestamp', 'timestamp'] as const

/**
 * Decides which fields of an input are the time, the message and the others every event has.
 *
 * What the user said (`options.map`) comes first, then a known schema, then what the names and values look like. In
 * `options.map`, each entry may name several fields joined by `+` (`time` to `date+clock`, `message` to `host+what`); a value of any entry
 * but the time's that begins with `=` is a constant (`timestamp_desc` to `=Logon`).
 *
 * @param fields - Every field of the first records, with samples.
 * @param eventFields - The same as events will have them, where the schema changes its records; of more records, if possible.
 */
export function chooseMapping(
  fields: readonly FieldSample[],
  options: MappingOptions = {},
  eventFields: readonly FieldSample[] = fields,
): MappingResult {
  const samples = new Map(fields.map((field) => [field.name, field.values]))
  const names = new Set(samples.keys())
  const wanted = new Map(Object.entries(options.map ?? {}))
  const timeChoice = wanted.get('time') ?? wanted.get('datetime') ?? wanted.get('timestamp')
  for (const name of ['time', 'datetime', 'timestamp']) wanted.delete(name)

  const schema = findSchema(names)
  const unknown: string[] = []
  let times: readonly TimeSource[]
  let reason: string
  const isField = (name: string): boolean => names.has(name)
  if (timeChoice !== undefined) {
    const chosen = listNamedFields(timeChoice, isField)
    unknown.push(...chosen.filter((name) => !names.has(name)))
    times = [describeChosen(chosen, schema)]
    reason = `the time is in ${quoteNames(chosen)}, as asked`
    if (schema) reason += `; the other fields as in ${schema.title}`
  } else if (schema) {
    times = schema.times
    reason = `has the fields of ${schema.title}; the time is in ${quoteNames(firstPresent(times, names)?.fields ?? [])}`
  } else {
    times = guessTimeSources(fields)
    reason = `no known schema; ${describeGuess(times[0]?.fields ?? [])} by name and values`
    const named = TIME_NAMES.find((name) => names.has(name))
    if (times.length === 0 && named !== undefined) {
      times = [{ fields: [named], description: named }]
      reason = `no known schema; ${quoteNames([named])} is the time by its name, though no value of the first rows is one`
    }
  }
  if (
    times.length === 0 ||
    (timeChoice === undefined && schema && !firstPresent(times, names) && schema.transform === undefined)
  ) {
    return { ok: false, failure: describeMissingTime([...names]) }
  }

  const aliases = new Map<string, string>()
  const constants = new Map(Object.entries(schema?.constants ?? {}))
  for (const [name, candidates] of Object.entries(schema?.aliases ?? {})) {
    const found = candidates.find((candidate) => names.has(candidate) || schema?.transform !== undefined)
    if (found !== undefined && !names.has(name)) aliases.set(name, found)
  }
  const messageField = schema ? chooseSchemaMessage(schema, names) : guessMessageField(fields, times)
  if (messageField !== undefined && messageField !== 'message') aliases.set('message', messageField)
  else if (schema?.standIn !== undefined) aliases.set('message', schema.standIn)
  const isDescribed = names.has('timestamp_desc') || aliases.has('timestamp_desc')
  if (!isDescribed) constants.set('timestamp_desc', times[0]!.description)

  const joined: JoinedField[] = []
  for (const [name, choice] of wanted) {
    aliases.delete(name)
    constants.delete(name)
    const chosen = listNamedFields(choice, isField)
    const missing = chosen.filter((field) => !isField(field))
    const constant = missing.length > 0 ? readConstant(choice) : undefined
    if (constant !== undefined) constants.set(name, constant)
    else if (missing.length > 0) unknown.push(...missing)
    else if (chosen.length > 1) joined.push({ target: name, fields: chosen })
    else if (chosen[0] !== name) aliases.set(name, chosen[0]!)
  }
  reason += describeJoinedFields(joined)
  const zone = times[0]!.timeZone
  if (zone !== undefined) reason += `; its zone is ${zone}, as the name says`
  if (unknown.length > 0) return { ok: false, failure: describeUnknown(unknown, [...names]) }

  const detected = times.map((source) => addFormat(source, samples))
  const allTimes =
    options.times === 'all'
      ? listAllTimes(schema, times, eventFields).map((source) => addFormat(source, samples))
      : detected
  const hasMessage = names.has('message') || joined.some(({ target }) => target === 'message')
  const ownMessage = hasMessage ? 'message' : undefined
  const mappedMessage = wanted.has('message')
    ? (aliases.get('message') ?? ownMessage)
    : (ownMessage ?? aliases.get('message'))
  return {
    ok: true,
    mapping: {
      schema: schema?.name ?? (timeChoice === undefined ? 'generic' : 'mapped'),
      times: detected,
      allTimes,
      ...(mappedMessage === undefined ? {} : { messageField: mappedMessage }),
      timeZone: options.timeZone ?? schema?.timeZone ?? 'UTC',
      dayFirst: options.dayFirst ?? schema?.dayFirst ?? findDayFirst(times, samples),
      ...(schema?.transform === undefined ? {} : { transform: schema.transform }),
      ...(schema?.hasTagTexts === true ? { hasTagTexts: true } : {}),
      ...(joined.length > 0 ? { joined } : {}),
      profile: { aliases: Object.fromEntries(aliases), constants: Object.fromEntries(constants) },
      reason: mappedMessage === undefined ? `${reason}; no field stands for the message` : reason,
    },
  }
}

/** A time that the user named: what the schema says of it, where it does. */
function describeChosen(fields: readonly string[], schema: Schema | undefined): TimeSource {
  const known = [...(schema?.times ?? []), ...(schema?.moreTimes ?? [])]
  const same = known.find((source) => source.fields.join('\0') === fields.join('\0'))
  if (same) return same
  const timeZone = findNamedZone(fields)
  return {
    fields,
    description: schema?.times[0]?.description ?? 'Event Logged',
    ...(timeZone === undefined ? {} : { timeZone }),
  }
}

function describeGuess(fields: readonly string[]): string {
  if (fields.length === 1) return `${quoteNames(fields)} looks like the time`
  return `${fields.map((name) => quoteNames([name])).join(' and ')} were joined: they look like the time`
}

function firstPresent(times: readonly TimeSource[], names: ReadonlySet<string>): TimeSource | undefined {
  return times.find((source) => source.fields.every((field) => names.has(field)))
}

function chooseSchemaMessage(schema: Schema, names: ReadonlySet<string>): string | undefined {
  if (names.has('message')) return 'message'
  return (
    schema.message?.find((name) => names.has(name)) ?? (schema.transform ? schema.message?.[0] : undefined)
  )
}

/**
 * The times of a row that become events of their own: the schema's, and every other field that looks like a time. Where a schema
 * has several names for the same time, those after the first are alternatives.
 */
function listAllTimes(
  schema: Schema | undefined,
  times: readonly TimeSource[],
  fields: readonly FieldSample[],
): readonly TimeSource[] {
  const sources = new Map<string, TimeSource>()
  const taken = new Set<string>()
  const add = (source: TimeSource): void => {
    const key = source.fields.join('\0')
    if (sources.has(key)) return
    sources.set(key, source)
    for (const field of source.fields) taken.add(field)
  }
  const described = new Set<string>()
  for (const source of [...times, ...(schema?.times ?? [])]) {
    add(schema && described.has(source.description) ? { ...source, isAlternative: true } : source)
    described.add(source.description)
  }
  for (const source of schema?.moreTimes ?? []) add(source)
  const others = fields.filter(({ name }) => !taken.has(name))
  for (const source of guessTimeSources(fields, taken)) add(source)
  for (const { name, values } of others) {
    if (values.length === 0)
      add({ fields: [name], description: name, tentative: isTimeName(name) ? 'text-or-number' : 'text' })
  }
  return [...sources.values()]
}

function addFormat(source: TimeSource, samples: ReadonlyMap<string, readonly unknown[]>): TimeSource {
  if (source.format !== undefined) return source
  const detection = detectTimeFormat(joinSamples(source, samples), source.fields.join(' '))
  return detection === undefined ? source : { ...source, format: detection.format }
}

function findDayFirst(
  times: readonly TimeSource[],
  samples: ReadonlyMap<string, readonly unknown[]>,
): boolean | undefined {
  for (const source of times) {
    const found = detectTimeFormat(joinSamples(source, samples))?.dayFirst
    if (found !== undefined) return found
  }
  return undefined
}

function joinSamples(
  source: TimeSource,
  samples: ReadonlyMap<string, readonly unknown[]>,
): readonly unknown[] {
  const [first, ...others] = source.fields.map((field) => samples.get(field) ?? [])
  if (others.length === 0) return first ?? []
  return (first ?? []).map((value, row) => [value, ...others.map((values) => values[row] ?? '')].join(' '))
}

function describeMissingTime(names: readonly string[]): MappingFailure {
  return {
    code: 'no-time-field',
    message: `expected a field with the time of each event, found none that looks like one among ${listNames(names)}; say which it is with option "map" time=FIELD (or time=DATE+CLOCK for two)`,
    fields: names,
  }
}

function describeUnknown(unknown: readonly string[], names: readonly string[]): MappingFailure {
  return {
    code: 'unknown-field',
    message: `option "map" names ${quoteNames(unknown)}, which the input does not have; its fields are ${listNames(names)}`,
    fields: names,
  }
}

function listNames(names: readonly string[]): string {
  if (names.length === 0) return '(no fields at all)'
  const shown = quoteNames(names.slice(0, MAX_NAMES_SHOWN))
  return names.length > MAX_NAMES_SHOWN ? `${shown} and ${names.length - MAX_NAMES_SHOWN} more` : shown
}

function quoteNames(names: readonly string[]): string {
  return names.map((name) => JSON.stringify(name.slice(0, 80))).join(', ')
}
