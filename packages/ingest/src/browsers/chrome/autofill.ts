import type { LostRows } from '../../sqlite/scan-rows.ts'
import type { BrowserKind, BrowserRecord } from '../core/browser-kind.ts'
import { readPosixSeconds } from '../core/browser-times.ts'
import { type SqliteTables, toNumber, toText } from '../core/sqlite-tables.ts'

/** `Web Data` of Chrome and its kin: what was typed into forms. Names are those of Plaso's `chrome:autofill:entry`. Cards are never read. */
export const CHROME_AUTOFILL: BrowserKind = {
  name: 'chrome-autofill',
  title: 'form entries of Chrome, Edge or Brave',
  recognisedBy: 'an SQLite database with a table autofill',
  sourceLong: 'Chrome Autofill',
  tables: { autofill: ['name', 'value', 'date_created', 'date_last_used'] },
  read: readAutofill,
}

function* readAutofill(tables: SqliteTables): Generator<BrowserRecord | LostRows> {
  for (const item of tables.scan('autofill', ['name', 'value', 'count', 'date_created', 'date_last_used'])) {
    if (item.kind === 'lost') {
      yield item
      continue
    }
    const { rowid, row } = item
    const name = toText(row['name'])
    const value = toText(row['value'])
    const count = toNumber(row['count'])
    yield {
      kind: 'record',
      rowid,
      dataType: 'chrome:autofill:entry',
      fields: { field_name: name, value, usage_count: count },
      message: `Form field name: ${name} Entered value: ${value} Times used: ${count}`,
      moments: [
        { description: 'Creation Time', us: readPosixSeconds(row['date_created']) },
        { description: 'Last Used Time', us: readPosixSeconds(row['date_last_used']) },
      ],
    }
  }
}
