import type { LostRows, SqliteRow } from '../../sqlite/scan-rows.ts'
import type { BrowserKind, BrowserRecord } from '../core/browser-kind.ts'
import { readWebkitTime } from '../core/browser-times.ts'
import { type SqliteTables, toFilledText, toFlag, toNumber, toText } from '../core/sqlite-tables.ts'
import { listQualifiers, TRANSITIONS, VISIT_SOURCES } from './chrome-names.ts'
import { readDownloads } from './downloads.ts'

const PAGE = ['url', 'title', 'visit_count', 'typed_count', 'hidden'] as const
const VISIT = ['id', 'url', 'visit_time', 'from_visit', 'transition', 'visit_duration'] as const

/**
 * `History` of Chrome, Edge, Brave and other browsers made of Chromium: visits with the words that were searched for, and downloads.
 * Names are those of Plaso's `chrome:history:page_visited` and `chrome:history:file_downloaded` (release 20260720).
 */
export const CHROME_HISTORY: BrowserKind = {
  name: 'chrome-history',
  title: 'history of Chrome, Edge or Brave',
  recognisedBy: 'an SQLite database with the tables urls and visits',
  sourceLong: 'Chrome History',
  tables: { urls: ['url', 'title', 'visit_count'], visits: ['url', 'visit_time', 'transition'] },
  read: readHistory,
}

function* readHistory(tables: SqliteTables): Generator<BrowserRecord | LostRows> {
  for (const item of tables.scan('visits', VISIT))
    yield item.kind === 'lost' ? item : describeVisit(tables, item.rowid, item.row)
  yield* readDownloads(tables)
}

function describeVisit(tables: SqliteTables, rowid: bigint, visit: SqliteRow): BrowserRecord {
  const page = tables.find('urls', 'id', visit['url'], PAGE) ?? {}
  const transition = Number(visit['transition'] ?? 0)
  const type = transition & 0xff
  const source = toNumber(tables.find('visit_source', 'id', visit['id'] ?? rowid, ['source'])?.['source'])
  const url = toText(page['url'])
  const title = toFilledText(page['title'])
  const from = describeOrigin(tables, visit['from_visit'])
  const typedCount = toNumber(page['typed_count'])
  const visitCount = toNumber(page['visit_count'])
  const isHidden = toFlag(page['hidden'])
  const sourceName = VISIT_SOURCES[Number(source ?? 1)]
  const transitionName = TRANSITIONS[type] ?? 'UNKNOWN'
  const qualifiers = listQualifiers(transition)
  const duration = toNumber(visit['visit_duration'])
  return {
    kind: 'record',
    rowid,
    dataType: 'chrome:history:page_visited',
    fields: {
      url,
      title,
      visit_count: visitCount,
      typed_count: typedCount,
      url_hidden: isHidden,
      from_visit: from,
      page_transition_type: type,
      page_transition: transitionName,
      page_transition_qualifiers: qualifiers.length === 0 ? undefined : qualifiers,
      visit_source: source,
      visit_duration_microseconds: duration === 0 ? undefined : duration,
      search_term: toFilledText(
        tables.find('keyword_search_terms', 'url_id', visit['url'], ['term'])?.['term'],
      ),
    },
    message: [
      url,
      ...(title === undefined ? [] : [`(${title})`]),
      `[count: ${typedCount ?? 0}]`,
      ...(from === undefined ? [] : [`Visit from: ${from}`]),
      `Visit source: [${sourceName ?? 'UNKNOWN'}]`,
      `Visit count: ${visitCount ?? 0}`,
      `Type: [${transitionName}]`,
      ...(isHidden ? ['(URL hidden)'] : []),
      Number(typedCount ?? 0) > 0 ? `(typed ${typedCount} times)` : '(URL not typed directly)',
    ].join(' '),
    moments: [{ description: 'Last Visited Time', us: readWebkitTime(visit['visit_time']) }],
  }
}

/** The page that a visit came from, with its title. */
function describeOrigin(tables: SqliteTables, from: SqliteRow[string] | undefined): string | undefined {
  if (from === undefined || from === null || Number(from) === 0) return undefined
  const visit = tables.find('visits', 'id', from, ['url'])
  const page = tables.find('urls', 'id', visit?.['url'], ['url', 'title'])
  const url = toFilledText(page?.['url'])
  return url === undefined ? undefined : `${url} (${toText(page?.['title']) ?? ''})`
}
