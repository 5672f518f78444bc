import type { Sketch, Timesketch } from '../../packages/sdk/src/index.ts'

/** Events of the case that checks look at, all of the first hours of 2024. */
export const EVENT_COUNT = 12_000
/** Every seventh one speaks of it. */
export const EVIL_COUNT: number = Math.ceil(EVENT_COUNT / 7)
const START_MS = Date.UTC(2024, 0, 1)

/** One event a second, from three computers. */
export function* makeEvents(count: number = EVENT_COUNT): Generator<Record<string, unknown>> {
  for (let number = 0; number < count; number += 1)
    yield {
      datetime: new Date(START_MS + number * 1000).toISOString(),
      timestamp_desc: 'Event Logged',
      message: number % 7 === 0 ? `event ${number} powershell.exe evil` : `event ${number} notepad.exe`,
      number,
      data_type: 'check:event',
      computer: `ws-${number % 3}`,
      isOdd: number % 2 === 1,
    }
}

/** A sketch with the events, ready to be searched. */
export async function openCase(client: Timesketch, count: number = EVENT_COUNT): Promise<Sketch> {
  const sketch = await client.sketches.create({ name: `sdk check ${crypto.randomUUID()}` })
  await sketch.imports.rows(makeEvents(count), { timeline: 'computers' })
  return sketch
}
