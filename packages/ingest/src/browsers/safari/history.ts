import type { LostRows } from '../../sqlite/scan-rows.ts'
import type { BrowserKind, BrowserRecord } from '../core/browser-kind.ts'
import { readCocoaTime } from '../core/browser-times.ts'
import { type SqliteTables, toFilledText, toFlag, toNumber, toText } from '../core/sqlite-tables.ts'

const VISIT = [
  ...['id', 'history_item', 'visit_time', 'title', 'load_successful', 'http_non_get', 'synthesized'],
  ...['redirect_source', 'redirect_destination', 'origin'],
]

/** `History.db` of Safari. Names are those of Plaso's `safari:history:visit_sqlite` (release 20260720). */
export const SAFARI_HISTORY: BrowserKind = {
  name: 'safari-history',
  title: 'history of Safari',
  recognisedBy: 'an SQLite database with the tables history_items and history_visits',
  sourceLong: 'Safari History Database',
  tables: { history_items: ['url', 'visit_count'], history_visits: ['history_item', 'visit_time'] },
  read: readHistory,
}

function* readHistory(tables: SqliteTables): Generator<BrowserRecord | LostRows> {
  for (const item of tables.scan('history_visits', VISIT)) {
    if (item.kind === 'lost') {
      yield item
      continue
    }
    const { rowid, row } = item
    const page = tables.find('history_items', 'id', row['history_item'], ['url', 'visit_count'])
    const url = toText(page?.['url'])
    const title = toFilledText(row['title'])
    const count = toNumber(page?.['visit_count'])
    const isNonGet = toFlag(row['http_non_get'])
    const isLoaded = toFlag(row['load_successful'])
    yield {
      kind: 'record',
      rowid,
      dataType: 'safari:history:visit_sqlite',
      fields: {
        url,
        title,
        visit_count: count,
        was_http_non_get: isNonGet,
        load_successful: isLoaded,
        visit_redirect_source: describeVisit(tables, row['redirect_source']),
        visit_redirect_destination: describeVisit(tables, row['redirect_destination']),
        // 1 where another device of the same account made the visit.
        is_synchronised: row['origin'] === undefined ? undefined : Number(row['origin']) === 1,
      },
      message: `URL: ${url}${title === undefined ? '' : ` Title: (${title})`} [count: ${count ?? 0}] http_non_get: ${isNonGet ?? false}`,
      moments: [{ description: 'Last Visited Time', us: readCocoaTime(row['visit_time']) }],
    }
  }
}

function describeVisit(tables: SqliteTables, id: Parameters<SqliteTables['find']>[2]): string | undefined {
  const visit = tables.find('history_visits', 'id', id, ['history_item'])
  return toFilledText(tables.find('history_items', 'id', visit?.['history_item'], ['url'])?.['url'])
}
