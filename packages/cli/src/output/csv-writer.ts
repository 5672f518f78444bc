import type { EventCsv } from '@timeskein/model'
import type { Effects } from '../effects.ts'
import type { EventWriter } from './event-writer.ts'

/** Writes events as CSV, a page at a time. */
export function createCsvWriter(writeData: Effects['writeData'], csv: EventCsv): EventWriter {
  let pending = csv.header
  const flush = async (): Promise<void> => {
    const text = pending
    pending = ''
    if (text !== '') await writeData(text)
  }
  return {
    async write(rows) {
      for (const row of rows) pending += csv.formatRow(row)
      await flush()
    },
    end: flush,
  }
}
