import type { LostRows, SqliteRow } from '../../sqlite/scan-rows.ts'
import type { BrowserKind, BrowserRecord } from '../core/browser-kind.ts'
import { readPosixMicros } from '../core/browser-times.ts'
import { type SqliteTables, toFilledText, toNumber, toText } from '../core/sqlite-tables.ts'

const ANNOTATION = ['place_id', 'anno_attribute_id', 'content', 'flags', 'expiration', 'dateAdded'] as const
const DOWNLOAD = [
  ...['id', 'name', 'source', 'target', 'tempPath', 'startTime', 'endTime', 'state', 'referrer'],
  ...['currBytes', 'maxBytes', 'mimeType'],
]
/** Names of the annotations that make up a download (Firefox, `DownloadHistory.sys.mjs`). */
const TARGET = 'downloads/destinationFileURI'
const DETAILS = 'downloads/metaData'
const MAX_ANNOTATIONS = 100

/** `downloads.sqlite` of Firefox up to release 20. Names are those of Plaso's `firefox:downloads:download`. */
export const FIREFOX_DOWNLOADS: BrowserKind = {
  name: 'firefox-downloads',
  title: 'downloads of Firefox up to release 20',
  recognisedBy: 'an SQLite database with a table moz_downloads',
  sourceLong: 'Firefox History',
  tables: { moz_downloads: ['source', 'target', 'startTime', 'endTime'] },
  read: readDownloads,
}

function* readDownloads(tables: SqliteTables): Generator<BrowserRecord | LostRows> {
  for (const item of tables.scan('moz_downloads', DOWNLOAD)) {
    if (item.kind === 'lost') {
      yield item
      continue
    }
    const { rowid, row } = item
    const url = toText(row['source'])
    const path = toText(row['target'])
    const received = toNumber(row['currBytes'])
    const total = toNumber(row['maxBytes'])
    yield {
      kind: 'record',
      rowid,
      dataType: 'firefox:downloads:download',
      fields: {
        url,
        full_path: path,
        name: toFilledText(row['name']),
        mime_type: toFilledText(row['mimeType']),
        referrer: toFilledText(row['referrer']),
        temporary_location: toFilledText(row['tempPath']),
        download_state: toNumber(row['state']),
        received_bytes: received,
        total_bytes: total,
      },
      message: describe(url, path, received, total),
      moments: [
        { description: 'Start Time', us: readPosixMicros(row['startTime']) },
        { description: 'End Time', us: readPosixMicros(row['endTime']) },
      ],
    }
  }
}

/** Downloads that are kept as annotations of places, since release 21. */
export function* readAnnotatedDownloads(tables: SqliteTables): Generator<BrowserRecord | LostRows> {
  const target = findAttribute(tables, TARGET)
  const details = findAttribute(tables, DETAILS)
  if (target === undefined) return
  for (const item of tables.scan('moz_annos', ANNOTATION)) {
    if (item.kind === 'lost') {
      yield item
      continue
    }
    if (item.row['anno_attribute_id'] !== target) continue
    yield describeAnnotated(tables, item.rowid, item.row, details)
  }
}

function describeAnnotated(
  tables: SqliteTables,
  rowid: bigint,
  row: SqliteRow,
  details: SqliteRow[string] | undefined,
): BrowserRecord {
  const page = tables.find('moz_places', 'id', row['place_id'], ['url', 'title'])
  const others = tables.list(
    'moz_annos',
    'place_id',
    row['place_id'],
    ['anno_attribute_id', 'content'],
    MAX_ANNOTATIONS,
  )
  const more = readDetails(others.find((other) => other['anno_attribute_id'] === details)?.['content'])
  const url = toText(page?.['url'])
  const path = toText(row['content'])
  const size = more['fileSize']
  const end = more['endTime']
  return {
    kind: 'record',
    rowid,
    dataType: 'firefox:downloads:download',
    fields: {
      url,
      full_path: path,
      name: toFilledText(page?.['title']),
      download_state: more['state'],
      deleted: more['deleted'],
      received_bytes: size,
      total_bytes: size,
      flags: toNumber(row['flags']),
      expiration: toNumber(row['expiration']),
    },
    message: describe(url, path, size, size),
    moments: [
      { description: 'Start Time', us: readPosixMicros(row['dateAdded']) },
      {
        description: 'End Time',
        us: typeof end === 'number' ? readPosixMicros(end * 1000) : undefined,
      },
    ],
  }
}

/** `{"state":1,"endTime":1689722333589,"fileSize":66383750}`; nothing where it is no JSON. */
function readDetails(
  content: SqliteRow[string] | undefined,
): Readonly<Record<string, string | number | boolean>> {
  try {
    const value: unknown = JSON.parse(toText(content) ?? '{}')
    const members = value !== null && typeof value === 'object' ? Object.entries(value) : []
    return Object.fromEntries(
      members.filter(([, member]) => ['string', 'number', 'boolean'].includes(typeof member)),
    )
  } catch {
    // Damaged, or of a release that writes it otherwise: the rest of the download is told.
    return {}
  }
}

function findAttribute(tables: SqliteTables, name: string): SqliteRow[string] | undefined {
  return tables.find('moz_anno_attributes', 'name', name, ['id'])?.['id']
}

function describe(
  url: string | undefined,
  path: string | undefined,
  received: unknown,
  total: unknown,
): string {
  return `${url ?? ''} (${path ?? ''}). Received: ${received ?? 0} bytes out of: ${total ?? 0} bytes.`
}
