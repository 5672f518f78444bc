import type { LostRows } from '../../sqlite/scan-rows.ts'
import type { BrowserKind, BrowserRecord } from '../core/browser-kind.ts'
import { readExpiry, readPosixMicros } from '../core/browser-times.ts'
import { makeCookieUrl } from '../core/cookie-url.ts'
import { type SqliteTables, toFlag, toText } from '../core/sqlite-tables.ts'

const COOKIE = [
  'id',
  'name',
  'host',
  'path',
  'expiry',
  'lastAccessed',
  'creationTime',
  'isSecure',
  'isHttpOnly',
] as const

/**
 * `cookies.sqlite` of Firefox: whose they are and their times. Values are left out: they log in whoever has them. Names are those of
 * Plaso's `firefox:cookie:entry`.
 */
export const FIREFOX_COOKIES: BrowserKind = {
  name: 'firefox-cookies',
  title: 'cookies of Firefox',
  recognisedBy: 'an SQLite database with a table moz_cookies',
  sourceLong: 'Firefox Cookies',
  tables: { moz_cookies: ['name', 'host', 'path', 'lastAccessed'] },
  read: readCookies,
}

function* readCookies(tables: SqliteTables): Generator<BrowserRecord | LostRows> {
  for (const item of tables.scan('moz_cookies', COOKIE)) {
    if (item.kind === 'lost') {
      yield item
      continue
    }
    const { rowid, row } = item
    const isSecure = toFlag(row['isSecure']) ?? false
    const isHttpOnly = toFlag(row['isHttpOnly'])
    const hostname = toText(row['host'])?.replace(/^\./, '')
    const path = toText(row['path'])
    const name = toText(row['name'])
    const url = makeCookieUrl(isSecure, hostname, path)
    yield {
      kind: 'record',
      rowid,
      dataType: 'firefox:cookie:entry',
      fields: { url, hostname, cookie_name: name, path, secure: isSecure, httponly: isHttpOnly },
      message: `${url} (${name}) Flags: [HTTP only]: ${isHttpOnly}`,
      moments: [
        { description: 'Creation Time', us: readPosixMicros(row['creationTime']) },
        { description: 'Last Access Time', us: readPosixMicros(row['lastAccessed']) },
        { description: 'Expiration Time', us: readExpiry(row['expiry']) },
      ],
    }
  }
}
