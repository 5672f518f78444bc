import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { takeRealEvents } from '../data/real-events.ts'

/** Of events that say none in the usual places. */
const NO_TIME = '2020-01-01T00:00:00Z'

type Event = Readonly<Record<string, unknown>>

/**
 * The first real events with the three fields without which a Timesketch refuses a file, the message a short title: what an event has to
 * say, some kilobytes, is in it once, as it was. Made once. Returns the file's path.
 */
export async function takeDescribedEvents(eventCount: number): Promise<string> {
  const events = await takeRealEvents(eventCount)
  const path = events.replace(/\.jsonl$/, '-titled.jsonl')
  if (existsSync(path)) return path
  const lines = createInterface({ input: createReadStream(events), crlfDelay: Number.POSITIVE_INFINITY })
  await pipeline(Readable.from(describeLines(lines)), createWriteStream(`${path}.partial`))
  await rename(`${path}.partial`, path)
  return path
}

async function* describeLines(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) {
    const event = JSON.parse(line) as Event
    const datetime = event['@timestamp'] ?? event['EventTime'] ?? event['TimeCreated'] ?? NO_TIME
    yield `${JSON.stringify({ message: titleOf(event), datetime, timestamp_desc: 'recorded', ...event })}\n`
  }
}

/** Where an event comes from and which it is: of Windows the source and the number, of CloudTrail the service and the call. */
function titleOf(event: Event): string {
  const source = event['SourceName'] ?? event['Channel'] ?? event['eventSource'] ?? 'event'
  const which = event['EventID'] ?? event['eventName'] ?? ''
  return `${String(source)} ${String(which)}`.trimEnd()
}
