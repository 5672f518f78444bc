import { isRecord, readRecords, readText, type WireRecord } from './record.ts'

/** The status of an object: a list of one, or one object; 'unknown' without any. */
export function readStatus(record: WireRecord): string {
  const status = record['status']
  const current = isRecord(status) ? status : readRecords(record, 'status')[0]
  return current ? readText(current, 'status') : 'unknown'
}
