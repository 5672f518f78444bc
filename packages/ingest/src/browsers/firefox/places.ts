import type { LostRows, SqliteRow } from '../../sqlite/scan-rows.ts'
import type { BrowserKind, BrowserRecord } from '../core/browser-kind.ts'
import { readPosixMicros } from '../core/browser-times.ts'
import { type SqliteTables, toFilledText, toNumber, toText } from '../core/sqlite-tables.ts'
import { readAnnotatedDownloads } from './downloads.ts'

const PAGE = ['url', 'title', 'rev_host', 'visit_count', 'hidden', 'typed'] as const
const VISIT = ['id', 'from_visit', 'place_id', 'visit_date', 'visit_type', 'source'] as const
const BOOKMARK = ['id', 'type', 'fk', 'title', 'dateAdded', 'lastModified'] as const
const BOOKMARK_TYPES = ['', 'URL', 'Folder', 'Separator'] as const
const SEPARATOR = 3
const FOLDER = 2
/** How a page was reached (Firefox, `toolkit/components/places/nsINavHistoryService.idl`), from 1. */
const VISIT_TYPES = [
  ...['', 'LINK', 'TYPED', 'BOOKMARK', 'EMBED', 'REDIRECT_PERMANENT', 'REDIRECT_TEMPORARY'],
  ...['DOWNLOAD', 'FRAMED_LINK', 'RELOAD'],
]

/**
 * `places.sqlite` of Firefox: visits with the words that were searched for, bookmarks, and downloads since release 21. Names are
 * those of Plaso's `firefox:places:…` and `firefox:downloads:download` (release 20260720).
 */
export const FIREFOX_PLACES: BrowserKind = {
  name: 'firefox-places',
  title: 'history of Firefox',
  recognisedBy: 'an SQLite database with the tables moz_places and moz_historyvisits',
  sourceLong: 'Firefox History',
  tables: { moz_places: ['url', 'title'], moz_historyvisits: ['place_id', 'visit_date', 'visit_type'] },
  read: readPlaces,
}

function* readPlaces(tables: SqliteTables): Generator<BrowserRecord | LostRows> {
  for (const item of tables.scan('moz_historyvisits', VISIT))
    yield item.kind === 'lost' ? item : describeVisit(tables, item.rowid, item.row)
  for (const item of tables.scan('moz_bookmarks', BOOKMARK)) {
    if (item.kind === 'lost') yield item
    else if (Number(item.row['type'] ?? 0) !== SEPARATOR) yield describeBookmark(tables, item.rowid, item.row)
  }
  yield* readAnnotatedDownloads(tables)
}

function describeVisit(tables: SqliteTables, rowid: bigint, visit: SqliteRow): BrowserRecord {
  const page = tables.find('moz_places', 'id', visit['place_id'], PAGE) ?? {}
  const url = toText(page['url'])
  const title = toFilledText(page['title'])
  const hostname = turnHost(page['rev_host'])
  const from = describeOrigin(tables, visit['from_visit'])
  const type = toNumber(visit['visit_type'])
  const count = toNumber(page['visit_count'])
  const hidden = toNumber(page['hidden'])
  const typed = toNumber(page['typed'])
  return {
    kind: 'record',
    rowid,
    dataType: 'firefox:places:page_visited',
    fields: {
      url,
      title,
      hostname,
      visit_count: count,
      visit_type: type,
      transition: VISIT_TYPES[Number(type ?? 0)],
      from_visit: from,
      hidden,
      typed,
      search_term: findSearch(tables, visit['place_id']),
    },
    message: [
      url,
      ...(title === undefined ? [] : [`(${title})`]),
      `[count: ${count ?? 0}]`,
      ...(hostname === undefined ? [] : [`Hostname: ${hostname}`]),
      ...(from === undefined ? [] : [`visited from: ${from}`]),
      ...(Number(hidden ?? 0) === 1 ? ['(URL hidden)'] : []),
      Number(typed ?? 0) === 1 ? '(directly typed)' : '(URL not typed directly)',
      `Transition: ${VISIT_TYPES[Number(type ?? 0)] ?? 'UNKNOWN'}`,
    ].join(' '),
    moments: [{ description: 'Last Visited Time', us: readPosixMicros(visit['visit_date']) }],
  }
}

function describeBookmark(tables: SqliteTables, rowid: bigint, row: SqliteRow): BrowserRecord {
  const title = toFilledText(row['title'])
  const moments = [
    { description: 'Added Time', us: readPosixMicros(row['dateAdded']) },
    { description: 'Content Modification Time', us: readPosixMicros(row['lastModified']) },
  ]
  const type = Number(row['type'] ?? 0)
  if (type === FOLDER) {
    const name = title ?? 'N/A'
    const dataType = 'firefox:places:bookmark_folder'
    return { kind: 'record', rowid, dataType, fields: { title: name }, message: name, moments }
  }
  const page = tables.find('moz_places', 'id', row['fk'], PAGE) ?? {}
  const url = toText(page['url'])
  const pageTitle = toFilledText(page['title'])
  const count = toNumber(page['visit_count'])
  return {
    kind: 'record',
    rowid,
    dataType: 'firefox:places:bookmark',
    fields: {
      title,
      url,
      places_title: pageTitle,
      hostname: turnHost(page['rev_host']),
      bookmark_type: type,
      visit_count: count,
    },
    message: `Bookmark ${BOOKMARK_TYPES[type] ?? 'UNKNOWN'} ${title ?? ''} (${url ?? ''}) [${pageTitle ?? ''}] visit count ${count ?? 0}`,
    moments,
  }
}

/** The words of a search that led to a page (Firefox 76 and later). */
function findSearch(tables: SqliteTables, place: SqliteRow[string] | undefined): string | undefined {
  const metadata = tables.find('moz_places_metadata', 'place_id', place, ['search_query_id'])
  const query = tables.find('moz_places_metadata_search_queries', 'id', metadata?.['search_query_id'], [
    'terms',
  ])
  return toFilledText(query?.['terms'])
}

function describeOrigin(tables: SqliteTables, from: SqliteRow[string] | undefined): string | undefined {
  if (from === undefined || from === null || Number(from) === 0) return undefined
  const visit = tables.find('moz_historyvisits', 'id', from, ['place_id'])
  const page = tables.find('moz_places', 'id', visit?.['place_id'], ['url', 'rev_host'])
  const url = toFilledText(page?.['url'])
  return url === undefined ? undefined : `${url} (${turnHost(page?.['rev_host']) ?? ''})`
}

/** `moc.elpmaxe.` is how Firefox keeps `example.com`. */
function turnHost(value: SqliteRow[string] | undefined): string | undefined {
  const text = toFilledText(value)
  return text === undefined ? undefined : [...text].reverse().join('').replace(/^\./, '') || undefined
}
