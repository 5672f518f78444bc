import type { Buffer } from 'node:buffer'
import type { RowWriter } from '../batch/row-writer.ts'
import type { TextKernel } from '../batch/text-kernel.ts'
import { RecordRows } from '../json/record-rows.ts'
import { LogClock } from '../logs/core/log-clock.ts'
import { MAX_VALUES } from '../logs/core/own-fields.ts'
import { SEVERITIES } from '../logs/syslog/priority.ts'
import { type JournalEntry, PlainEntryReader, readAnyEntry } from './read-entries.ts'

const MICROSECONDS = /^(\d{1,13})(\d{6})$/
const RAW_BYTES = 64 * 1024

/** Reads entries of a journal's export into a writer's rows: each is kept, or rejected with its number and the reason. */
export class JournalRowReader {
  readonly #writer: RowWriter
  readonly #rows: RecordRows
  readonly #clock = new LogClock({ timeZone: 'UTC', dateOrder: 'month-first', referenceUs: 0, carried: {} })
  readonly #plain = new PlainEntryReader()

  constructor(writer: RowWriter, kernel: TextKernel | undefined) {
    this.#writer = writer
    this.#rows = new RecordRows(writer, kernel)
  }

  /**
   * Reads whole entries.
   *
   * @param firstNumber - Number of the first one in the file, from 1.
   * @param isLast - The file ends with these bytes: an entry that breaks off is told.
   */
  read(bytes: Buffer, firstNumber: number, isLast: boolean): void {
    let number = firstNumber
    for (let at = 0; ; number++) {
      const entry = this.#plain.read(bytes, at) ?? readAnyEntry(bytes, at)
      if (entry === undefined) return
      this.#keepEntry(bytes, entry, number, isLast)
      at = entry.end
    }
  }

  #keepEntry(bytes: Buffer, entry: JournalEntry, number: number, isLast: boolean): void {
    const { fields, leftOut } = entry
    const raw = (): string =>
      bytes.toString('latin1', entry.start, Math.min(entry.end, entry.start + RAW_BYTES))
    const time = MICROSECONDS.exec(String(fields['__REALTIME_TIMESTAMP'] ?? ''))
    const datetime = time ? this.#clock.utc(Number(time[1]), time[2]) : undefined
    // The file's last entry has no blank line behind it in some exports: what it lacks, if anything, cannot be told.
    const isCut = entry.isOpen && isLast && bytes[bytes.length - 1] !== 0x0a
    if (entry.damage !== undefined) this.#writer.rejectRow(number, 'bad-record', entry.damage, raw())
    else if (isCut && datetime === undefined)
      this.#writer.rejectRow(number, 'truncated', 'the file ends in an entry, before its time', raw())
    else if (datetime === undefined) {
      const wanted = 'expected __REALTIME_TIMESTAMP in microseconds'
      this.#writer.rejectRow(
        number,
        time ? 'bad-time' : 'no-time',
        `${wanted}, found ${JSON.stringify(fields['__REALTIME_TIMESTAMP'] ?? '')}`,
        raw(),
      )
    } else {
      if (isCut)
        this.#writer.rejectRow(
          number,
          'truncated',
          'the file ends in an entry; the fields in front were taken',
          '',
        )
      if (leftOut > 0) {
        const detail = `${leftOut} values of fields that have ${MAX_VALUES} others were left out (MAX_VALUES); the rest of the entry was taken`
        this.#writer.rejectRow(number, 'over-limit', detail, '')
      }
      fields['datetime'] = datetime
      fields['message'] = describe(fields)
      this.#rows.write(fields, number)
    }
  }
}

function describe(fields: Readonly<Record<string, unknown>>): string {
  const severity = SEVERITIES[Number(fields['PRIORITY'] ?? -1)]
  const reporter = fields['SYSLOG_IDENTIFIER'] ?? fields['_COMM']
  const pid = fields['_PID'] ?? fields['SYSLOG_PID']
  const place = [reporter, pid === undefined || reporter === 'kernel' ? undefined : `pid: ${pid}`]
  return [
    severity,
    fields['_HOSTNAME'],
    `[${place.filter((part) => part !== undefined).join(', ')}]`,
    fields['MESSAGE'] ?? '',
  ]
    .filter((part) => part !== undefined)
    .join(' ')
}
