import type { LostRows, SqliteRow } from '../../sqlite/scan-rows.ts'
import type { BrowserMoment, BrowserRecord } from '../core/browser-kind.ts'
import { readPosixSeconds, readWebkitTime } from '../core/browser-times.ts'
import { type SqliteTables, toFilledText, toNumber, toText } from '../core/sqlite-tables.ts'
import { DANGER_TYPES, DOWNLOAD_STATES } from './chrome-names.ts'

const DOWNLOAD = [
  ...['id', 'guid', 'target_path', 'current_path', 'start_time', 'end_time', 'last_access_time'],
  ...['received_bytes', 'total_bytes', 'state', 'danger_type', 'interrupt_reason', 'opened'],
  ...['referrer', 'tab_url', 'site_url', 'mime_type', 'full_path', 'url'],
]
/** Redirections of one download that are told. */
const MAX_CHAIN = 50

/** Downloads: of releases before 27 with the path and the address in the row, later with the addresses in a table of their own. */
export function* readDownloads(tables: SqliteTables): Generator<BrowserRecord | LostRows> {
  const isOld = tables.has('downloads', ['full_path', 'url'])
  for (const item of tables.scan('downloads', DOWNLOAD))
    yield item.kind === 'lost' ? item : describeDownload(tables, item.rowid, item.row, isOld)
}

function describeDownload(
  tables: SqliteTables,
  rowid: bigint,
  row: SqliteRow,
  isOld: boolean,
): BrowserRecord {
  const chain = tables
    .list('downloads_url_chains', 'id', row['id'], ['chain_index', 'url'], MAX_CHAIN)
    .toSorted((a, b) => Number(a['chain_index'] ?? 0) - Number(b['chain_index'] ?? 0))
    .flatMap(({ url }) => toFilledText(url) ?? [])
  const url = isOld ? toText(row['url']) : chain.at(-1)
  const fullPath = toFilledText(row['full_path']) ?? toFilledText(row['target_path'])
  const currentPath = toFilledText(row['current_path'])
  const state = toNumber(row['state'])
  const danger = toNumber(row['danger_type'])
  const interrupt = toNumber(row['interrupt_reason'])
  const received = toNumber(row['received_bytes'])
  const total = toNumber(row['total_bytes'])
  return {
    kind: 'record',
    rowid,
    dataType: 'chrome:history:file_downloaded',
    fields: {
      url,
      url_chain: chain.length > 1 ? chain : undefined,
      full_path: fullPath,
      current_path: currentPath === fullPath ? undefined : currentPath,
      received_bytes: received,
      total_bytes: total,
      state,
      danger_type: danger,
      interrupt_reason: interrupt,
      opened: toNumber(row['opened']),
      referrer: toFilledText(row['referrer']),
      tab_url: toFilledText(row['tab_url']),
      site_url: toFilledText(row['site_url']),
      mime_type: toFilledText(row['mime_type']),
      guid: toFilledText(row['guid']),
    },
    message: [
      url ?? '',
      `(${fullPath ?? ''}).`,
      `State: ${DOWNLOAD_STATES[Number(state ?? -1)] ?? 'UNKNOWN'}.`,
      `Received ${received ?? 0} of ${total ?? 0} bytes.`,
      ...(danger === undefined ? [] : [`Danger type: ${DANGER_TYPES[Number(danger)] ?? danger}.`]),
      ...(interrupt === undefined || interrupt === 0 ? [] : [`Interrupt reason: ${interrupt}.`]),
    ].join(' '),
    moments: isOld
      ? [{ description: 'Start Time', us: readPosixSeconds(row['start_time']) }]
      : listMoments(row),
  }
}

function listMoments(row: SqliteRow): readonly BrowserMoment[] {
  return [
    { description: 'Start Time', us: readWebkitTime(row['start_time']) },
    { description: 'End Time', us: readWebkitTime(row['end_time']) },
    { description: 'Last Access Time', us: readWebkitTime(row['last_access_time']) },
  ]
}
