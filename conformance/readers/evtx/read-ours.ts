import { readEvidence } from '../../../packages/ingest/src/index.ts'

/** A record as we read it. */
export type FlatRecord = Readonly<Record<string, unknown>>

/** A record with the number that stands in front of it in the file, which exports count anew. */
export interface NumberedRecord {
  readonly number: number
  readonly record: FlatRecord
}

/** The records of a file as we read them. @throws Error When one is rejected. */
export async function readOurs(path: string): Promise<NumberedRecord[]> {
  const records: NumberedRecord[] = []
  for await (const item of readEvidence({ path })) {
    if (item.kind === 'rejects') throw new Error(`${path}: ${item.rejects[0]?.detail}`)
    if (item.kind !== 'batch') continue
    const { source, rowCount, lines } = item.batch
    for (let row = 0; row < rowCount; row++) {
      const json = source.bytes.subarray(source.offsets[row], source.offsets[row + 1])
      records.push({ number: lines[row]!, record: JSON.parse(new TextDecoder().decode(json)) })
    }
  }
  return records
}
