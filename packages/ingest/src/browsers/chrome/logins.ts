import type { LostRows } from '../../sqlite/scan-rows.ts'
import type { BrowserKind, BrowserRecord } from '../core/browser-kind.ts'
import { readWebkitTime } from '../core/browser-times.ts'
import { type SqliteTables, toFilledText, toFlag, toNumber } from '../core/sqlite-tables.ts'

/** Every column but those of passwords. */
const LOGIN = [
  ...['origin_url', 'action_url', 'username_value', 'signon_realm', 'times_used', 'blacklisted_by_user'],
  ...['date_created', 'date_last_used', 'date_password_modified'],
]

/** `Login Data` of Chrome and its kin: where and as whom somebody logged in, and when. Passwords are never read. */
export const CHROME_LOGINS: BrowserKind = {
  name: 'chrome-logins',
  title: 'logins of Chrome, Edge or Brave, without passwords',
  recognisedBy: 'an SQLite database with a table logins that has origin_url and username_value',
  sourceLong: 'Chrome Login Data',
  tables: { logins: ['origin_url', 'username_value', 'date_created'] },
  read: readLogins,
}

function* readLogins(tables: SqliteTables): Generator<BrowserRecord | LostRows> {
  for (const item of tables.scan('logins', LOGIN)) {
    if (item.kind === 'lost') {
      yield item
      continue
    }
    const { rowid, row } = item
    const url = toFilledText(row['origin_url'])
    const username = toFilledText(row['username_value'])
    const count = toNumber(row['times_used'])
    const isNever = toFlag(row['blacklisted_by_user'])
    yield {
      kind: 'record',
      rowid,
      dataType: 'chrome:login:entry',
      fields: {
        url,
        action_url: toFilledText(row['action_url']),
        username,
        signon_realm: toFilledText(row['signon_realm']),
        usage_count: count,
        is_never_saved: isNever,
      },
      message: isNever
        ? `${url} Never to be saved`
        : `${url} Username: ${username ?? ''} Times used: ${count ?? 0}`,
      moments: [
        { description: 'Creation Time', us: readWebkitTime(row['date_created']) },
        { description: 'Last Used Time', us: readWebkitTime(row['date_last_used']) },
        { description: 'Password Modification Time', us: readWebkitTime(row['date_password_modified']) },
      ],
    }
  }
}
