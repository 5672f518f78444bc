import { randomBytes } from 'node:crypto'
import { open } from 'node:fs/promises'
import { hasRealEvents, takeRealEvents } from '../data/real-events.ts'
import { makeSyntheticCsv } from '../data/synthetic.ts'
import { type Figure, median } from '../figures.ts'
import { tellStep } from '../tell-step.ts'
import { type Api, firstObject } from './api.ts'

const ROWS = 300_000
const REAL_EVENTS = 100_000
/** The web page's own size of a chunk. */
const CHUNK_BYTES = 50 * 1024 * 1024
const POLL_MS = 50
/** Each file is sent so often: a server compiles what it runs first, for about as long as such a file takes. */
const ROUNDS = 3

/** Whole files sent in chunks, as the web page sends them, until their timelines are ready. */
export async function measureUploads(api: Api): Promise<readonly Figure[]> {
  const figures = await measureRounds(api, 'upload of a CSV file', await makeSyntheticCsv(ROWS), ROWS)
  if (!hasRealEvents()) return figures
  const file = await takeRealEvents(REAL_EVENTS)
  return [...figures, ...(await measureRounds(api, 'upload of a file of real events', file, REAL_EVENTS))]
}

/** Sends a file some times, each into a sketch of its own. */
async function measureRounds(
  api: Api,
  name: string,
  path: string,
  events: number,
): Promise<readonly Figure[]> {
  const rates: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) rates.push(await measureUpload(api, name, path, events))
  return [
    {
      name,
      ours: median(rates),
      unit: 'events/s',
      note: `${events.toLocaleString('en')} events, all of them there; median of ${ROUNDS}, each into a sketch of its own`,
    },
    {
      name: `the first ${name}`,
      ours: rates[0]!,
      unit: 'events/s',
      note: 'the same by a server that has read none',
    },
  ]
}

/** @returns Events a second. */
async function measureUpload(api: Api, name: string, path: string, events: number): Promise<number> {
  tellStep(name)
  const sketchId = firstObject(await api.post('/sketches/', { name }))['id']
  await using file = await open(path)
  const { size } = await file.stat()
  const chunks = Math.ceil(size / CHUNK_BYTES)
  const indexName = randomBytes(16).toString('hex')
  const started = performance.now()
  let answer: Record<string, unknown> = {}
  for (let index = 0; index < chunks; index += 1) {
    const at = index * CHUNK_BYTES
    const bytes = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, size - at))
    await file.read(bytes, 0, bytes.length, at)
    const fields = {
      name: 'file',
      sketch_id: Number(sketchId),
      total_file_size: size,
      chunk_index: index,
      chunk_total_chunks: chunks,
      chunk_byte_offset: at,
      chunk_index_name: indexName,
    }
    answer = await api.upload(fields, { name: path.endsWith('.csv') ? 'rows.csv' : 'rows.jsonl', bytes })
  }
  const timelineId = firstObject(answer)['id']
  const { lines, status } = await waitReady(api, `/sketches/${sketchId}/timelines/${timelineId}/`)
  const seconds = (performance.now() - started) / 1000
  if (status !== 'ready' || lines !== events)
    throw new Error(`${name}: ${status} with ${lines} of ${events} events`)
  return events / seconds
}

async function waitReady(api: Api, path: string): Promise<{ lines: unknown; status: unknown }> {
  for (;;) {
    const answer = await api.get(path)
    const [{ status } = { status: undefined }] = firstObject(answer)['status'] as { status: string }[]
    const { lines_indexed: lines } = answer['meta'] as { lines_indexed: unknown }
    if (status !== 'processing' && status !== 'new') return { lines, status }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}
