import { CHROME_AUTOFILL } from './chrome/autofill.ts'
import { CHROME_COOKIES } from './chrome/cookies.ts'
import { CHROME_HISTORY } from './chrome/history.ts'
import { CHROME_LOGINS } from './chrome/logins.ts'
import type { BrowserKind } from './core/browser-kind.ts'
import type { SqliteTables } from './core/sqlite-tables.ts'
import { FIREFOX_COOKIES } from './firefox/cookies.ts'
import { FIREFOX_DOWNLOADS } from './firefox/downloads.ts'
import { FIREFOX_FORM_HISTORY } from './firefox/form-history.ts'
import { FIREFOX_PLACES } from './firefox/places.ts'
import { SAFARI_HISTORY } from './safari/history.ts'

/** Databases of browsers; where several fit, the first counts. */
export const BROWSER_KINDS: readonly BrowserKind[] = [
  CHROME_HISTORY,
  CHROME_COOKIES,
  CHROME_LOGINS,
  CHROME_AUTOFILL,
  FIREFOX_PLACES,
  FIREFOX_COOKIES,
  FIREFOX_FORM_HISTORY,
  FIREFOX_DOWNLOADS,
  SAFARI_HISTORY,
]

/** The kind of database that has such tables; undefined where it is none of a browser. */
export function findBrowserKind(tables: SqliteTables): BrowserKind | undefined {
  return BROWSER_KINDS.find((kind) =>
    Object.entries(kind.tables).every(([table, columns]) => tables.has(table, columns)),
  )
}
