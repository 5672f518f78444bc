import type { LostRows } from '../../sqlite/scan-rows.ts'
import type { BrowserKind, BrowserRecord } from '../core/browser-kind.ts'
import { readWebkitTime } from '../core/browser-times.ts'
import { makeCookieUrl } from '../core/cookie-url.ts'
import { type SqliteTables, toFlag, toText } from '../core/sqlite-tables.ts'

const COOKIE = [
  ...['creation_utc', 'host_key', 'name', 'path', 'expires_utc', 'last_access_utc', 'last_update_utc'],
  ...['secure', 'is_secure', 'httponly', 'is_httponly', 'persistent', 'is_persistent', 'samesite'],
]

/**
 * `Cookies` of Chrome and its kin: whose they are and their times. Values are left out: they log in whoever has them. Names are those
 * of Plaso's `chrome:cookie:entry`.
 */
export const CHROME_COOKIES: BrowserKind = {
  name: 'chrome-cookies',
  title: 'cookies of Chrome, Edge or Brave',
  recognisedBy: 'an SQLite database with a table cookies that has creation_utc and host_key',
  sourceLong: 'Chrome Cookies',
  tables: { cookies: ['creation_utc', 'host_key', 'name', 'last_access_utc'] },
  read: readCookies,
}

function* readCookies(tables: SqliteTables): Generator<BrowserRecord | LostRows> {
  for (const item of tables.scan('cookies', COOKIE)) {
    if (item.kind === 'lost') {
      yield item
      continue
    }
    const { rowid, row } = item
    const isSecure = toFlag(row['is_secure'] ?? row['secure']) ?? false
    const isHttpOnly = toFlag(row['is_httponly'] ?? row['httponly'])
    const isPersistent = toFlag(row['is_persistent'] ?? row['persistent'])
    const hostname = toText(row['host_key'])?.replace(/^\./, '')
    const path = toText(row['path'])
    const name = toText(row['name'])
    const url = makeCookieUrl(isSecure, hostname, path)
    yield {
      kind: 'record',
      rowid,
      dataType: 'chrome:cookie:entry',
      fields: {
        url,
        hostname,
        cookie_name: name,
        path,
        secure: isSecure,
        httponly: isHttpOnly,
        persistent: isPersistent,
      },
      message: `${url} (${name}) Flags: [HTTP only] = ${isHttpOnly} [Persistent] = ${isPersistent}`,
      moments: [
        { description: 'Creation Time', us: readWebkitTime(row['creation_utc']) },
        { description: 'Last Access Time', us: readWebkitTime(row['last_access_utc']) },
        { description: 'Content Modification Time', us: readWebkitTime(row['last_update_utc']) },
        { description: 'Expiration Time', us: readWebkitTime(row['expires_utc']) },
      ],
    }
  }
}
