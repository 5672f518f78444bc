import type { LostRows } from '../../sqlite/scan-rows.ts'
import type { BrowserKind, BrowserRecord } from '../core/browser-kind.ts'
import { readPosixMicros } from '../core/browser-times.ts'
import { type SqliteTables, toNumber, toText } from '../core/sqlite-tables.ts'

/** `formhistory.sqlite` of Firefox: what was typed into forms and into the search bar (`searchbar-history`). */
export const FIREFOX_FORM_HISTORY: BrowserKind = {
  name: 'firefox-form-history',
  title: 'form entries and searches of Firefox',
  recognisedBy: 'an SQLite database with a table moz_formhistory',
  sourceLong: 'Firefox Form History',
  tables: { moz_formhistory: ['fieldname', 'value', 'firstUsed', 'lastUsed'] },
  read: readForms,
}

function* readForms(tables: SqliteTables): Generator<BrowserRecord | LostRows> {
  for (const item of tables.scan('moz_formhistory', [
    'fieldname',
    'value',
    'timesUsed',
    'firstUsed',
    'lastUsed',
  ])) {
    if (item.kind === 'lost') {
      yield item
      continue
    }
    const { rowid, row } = item
    const name = toText(row['fieldname'])
    const value = toText(row['value'])
    const count = toNumber(row['timesUsed'])
    yield {
      kind: 'record',
      rowid,
      dataType: 'firefox:formhistory:entry',
      fields: {
        field_name: name,
        value,
        usage_count: count,
        search_term: name === 'searchbar-history' ? value : undefined,
      },
      message: `Form field name: ${name} Entered value: ${value} Times used: ${count}`,
      moments: [
        { description: 'Creation Time', us: readPosixMicros(row['firstUsed']) },
        { description: 'Last Used Time', us: readPosixMicros(row['lastUsed']) },
      ],
    }
  }
}
