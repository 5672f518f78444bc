import { randomBytes } from 'node:crypto'
import { open } from 'node:fs/promises'
import { hasRealEvents } from '../data/real-events.ts'
import { makeSyntheticCsv } from '../data/synthetic.ts'
import { type Figure, median } from '../figures.ts'
import { tellStep } from '../tell-step.ts'
import { type Api, firstObject } from './api.ts'
import { takeDescribedEvents } from './described-events.ts'

const ROWS = 300_000
const REAL_EVENTS = 100_000
/** The web page's own size of a chunk. */
const CHUNK_BYTES = 50 * 1024 * 1024
const POLL_MS = 50
/** Each file is sent so often: a server compiles what it runs first, for about as long as such a file takes. */
const ROUNDS = 3

/** How files are sent. */
export interface Uploading {
  /** So often each. */
  readonly rounds: number
  /** A server that stores less than all of a file is no failure, but told of. @default false */
  readonly mayLose?: boolean
}

/** Whole files sent in chunks, as the web page sends them, until their timelines are ready. */
export async function measureUploads(
  api: Api,
  uploading: Uploading = { rounds: ROUNDS },
): Promise<readonly Figure[]> {
  const csv = await makeSyntheticCsv(ROWS)
  const figures = await measureRounds(api, 'upload of a CSV file', csv, ROWS, uploading)
  if (!hasRealEvents()) return figures
  const file = await takeDescribedEvents(REAL_EVENTS)
  const real = await measureRounds(api, 'upload of a file of real events', file, REAL_EVENTS, uploading)
  return [...figures, ...real]
}

/** Sends a file some times, each into a sketch of its own. */
async function measureRounds(
  api: Api,
  name: string,
  path: string,
  events: number,
  { rounds, mayLose = false }: Uploading,
): Promise<readonly Figure[]> {
  const uploads: Upload[] = []
  for (let round = 0; round < rounds; round += 1) uploads.push(await uploadOnce(api, name, path))
  const told = events.toLocaleString('en')
  for (const { status, stored } of uploads)
    if (status !== 'ready' || (stored !== events && !mayLose))
      throw new Error(`${name}: ${status} with ${stored} of ${told} events`)
  const least = Math.min(...uploads.map(({ stored }) => stored))
  const kept = least === events ? 'all of them there' : `${least.toLocaleString('en')} of them there`
  const rates = uploads.map(({ seconds }) => events / seconds)
  return [
    {
      name,
      ours: median(rates),
      unit: 'events/s',
      note: `${told} events, ${kept}; median of ${rounds}, each into a sketch of its own`,
    },
    {
      name: `the first ${name}`,
      ours: rates[0]!,
      unit: 'events/s',
      note: 'the same by a server that has read none',
    },
  ]
}

/** What became of a file. */
interface Upload {
  readonly seconds: number
  readonly status: unknown
  /** Events that its sketch has then. */
  readonly stored: number
}

async function uploadOnce(api: Api, name: string, path: string): Promise<Upload> {
  tellStep(name)
  const sketchId = firstObject(await api.post('/sketches/', { name, description: name }))['id']
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
  const status = await waitReady(api, `/sketches/${sketchId}/timelines/${timelineId}/`)
  return {
    seconds: (performance.now() - started) / 1000,
    status,
    stored: await countEvents(api, Number(sketchId)),
  }
}

async function countEvents(api: Api, sketchId: number): Promise<number> {
  const answer = await api.post(`/sketches/${sketchId}/explore/`, {
    query: '*',
    filter: { size: 1, indices: ['_all'] },
  })
  return (answer['meta'] as { es_total_count_complete: number }).es_total_count_complete
}

async function waitReady(api: Api, path: string): Promise<unknown> {
  for (;;) {
    const answer = await api.get(path)
    const [{ status } = { status: undefined }] = firstObject(answer)['status'] as { status: string }[]
    if (status !== 'processing' && status !== 'new') return status
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}
