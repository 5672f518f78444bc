import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { takeRealEvents } from '../data/real-events.ts'

/** Of events that say none in the usual places. */
const NO_TIME = '2020-01-01T00:00:00Z'

/** The first real events with the three fields without which a Timesketch refuses a file; made once. Returns the file's path. */
export async function takeDescribedEvents(eventCount: number): Promise<string> {
  const events = await takeRealEvents(eventCount)
  const path = events.replace(/\.jsonl$/, '-described.jsonl')
  if (existsSync(path)) return path
  const lines = createInterface({ input: createReadStream(events), crlfDelay: Number.POSITIVE_INFINITY })
  await pipeline(Readable.from(describeLines(lines)), createWriteStream(`${path}.partial`))
  await rename(`${path}.partial`, path)
  return path
}

async function* describeLines(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) {
    const event = JSON.parse(line) as Readonly<Record<string, unknown>>
    const message = String(event['Message'] ?? event['SourceName'] ?? 'event')
    const datetime = event['@timestamp'] ?? event['EventTime'] ?? event['TimeCreated'] ?? NO_TIME
    yield `${JSON.stringify({ message, datetime, timestamp_desc: 'recorded', ...event })}\n`
  }
}
