import type { EventRules } from './to-event.ts'

/**
 * One entry of a file of log formats, as Timesketch's importer reads them from YAML (import_client 20261014, `data/formatter.yaml`):
 * what a log looks like, and how its rows become events. Lists are texts with commas.
 */
export interface LogFormat {
  readonly data_type?: string
  /** The log has exactly these columns. */
  readonly columns?: string
  /** The log has these columns and maybe others. */
  readonly columns_subset?: string
  readonly message?: string
  readonly timestamp_desc?: string
  readonly datetime?: string
  readonly separator?: string
  readonly encoding?: string
}

/** Options of an import that a format gives. */
export type FormatOptions = EventRules & {
  readonly delimiter?: string | undefined
  readonly encoding?: string | undefined
}

/** The formats that come with Timesketch's importer. */
export const BUILT_IN_LOG_FORMATS: Readonly<Record<string, LogFormat>> = {
  redline: {
    message: 'User: {UniqueUsername}, with event type: {EventType} => {Summary1} - {Summary2} - {Summary3}',
    timestamp_desc: 'Event Logged',
    datetime: 'EventTimestamp',
    columns_subset: 'EventTimestamp,EventType,AuditType,Summary1,Summary2,Summary3,UniqueUsername',
  },
}

/**
 * The options of the first format that fits a log; none when none does.
 *
 * @param log - Its kind, and the names of its columns.
 */
export function chooseLogFormat(
  formats: Readonly<Record<string, LogFormat>>,
  log: { readonly dataType?: string; readonly columns?: readonly string[] },
): FormatOptions {
  const format = Object.values(formats).find((one) => fits(one, log.dataType, new Set(log.columns)))
  return {
    ...(format?.message ? { message: format.message } : {}),
    ...(format?.timestamp_desc ? { timestampDesc: format.timestamp_desc } : {}),
    ...(format?.datetime ? { timeField: format.datetime } : {}),
    ...(format?.separator ? { delimiter: format.separator } : {}),
    ...(format?.encoding ? { encoding: format.encoding } : {}),
  }
}

function fits(format: LogFormat, dataType: string | undefined, columns: ReadonlySet<string>): boolean {
  if (dataType !== undefined && format.data_type === dataType) return true
  if (columns.size === 0) return false
  const exact = toSet(format.columns)
  const some = toSet(format.columns_subset)
  const isExact = exact.size === columns.size && exact.isSubsetOf(columns)
  return isExact || (some.size > 0 && some.isSubsetOf(columns))
}

function toSet(names: string | undefined): ReadonlySet<string> {
  return new Set((names ?? '').split(',').filter((name) => name !== ''))
}
