import type { Figure } from '../figures.ts'
import { readResidentBytes } from '../skein-process.ts'
import type { Api } from './api.ts'

const SAMPLE_MS = 50

/** What a download took. */
interface Download {
  readonly seconds: number
  readonly bytes: number
  /** How much the server's memory grew beyond what it held before. */
  readonly grownBytes: number
  /** How much of that came when a tenth had been sent already: memory that grows with what is sent. */
  readonly grownLaterBytes: number
}

/** What had been sent at a moment, and the server's memory then. */
interface Sample {
  readonly sentBytes: number
  readonly heldBytes: number
}

/** CSV of every event over HTTP, and the export of a sketch with a saved search of every event. */
export async function measureDownloads(
  api: Api,
  sketchId: number,
  events: number,
  pid: number,
): Promise<readonly Figure[]> {
  const path = `/sketches/${sketchId}`
  const fields = 'datetime,message,timestamp_desc,hostname,username,source_ip,status'
  const csv = await download(api, pid, `${path}/explore/`, {
    query: '*',
    filter: { indices: ['_all'] },
    fields,
    file_name: 'all.zip',
  })
  await api.post(`${path}/views/`, {
    name: 'everything',
    query: '*',
    filter: { fields: [{ field: 'message' }] },
  })
  const zip = await download(api, pid, `${path}/archive/`, { action: 'export' })
  return [
    {
      name: 'CSV export over HTTP',
      ours: events / csv.seconds,
      unit: 'events/s',
      note: `${events.toLocaleString('en')} events, seven fields, ${tellBytes(csv)}`,
    },
    {
      name: 'sketch export with a saved search of every event',
      ours: zip.grownLaterBytes / 1e6,
      unit: 'MB',
      note: `the server grew by that much after the first tenth of ${tellBytes(zip)}, by ${(zip.grownBytes / 1e6).toFixed(0)} MB in all, in ${zip.seconds.toFixed(1)} s`,
    },
  ]
}

function tellBytes({ bytes }: Download): string {
  return `${(bytes / 1e6).toFixed(0)} MB of ZIP`
}

async function download(api: Api, pid: number, path: string, body: unknown): Promise<Download> {
  const before = readResidentBytes(pid)
  let bytes = 0
  const samples: Sample[] = []
  const sample = (): void => {
    samples.push({ sentBytes: bytes, heldBytes: readResidentBytes(pid) })
  }
  const sampler = setInterval(sample, SAMPLE_MS)
  try {
    const started = performance.now()
    const response = await api.open(path, body)
    for await (const piece of response.body ?? []) bytes += piece.length
    const seconds = (performance.now() - started) / 1000
    sample()
    const early = findPeak(samples.filter(({ sentBytes }) => sentBytes <= bytes / 10))
    const peak = findPeak(samples)
    return { seconds, bytes, grownBytes: peak - before, grownLaterBytes: peak - Math.max(before, early) }
  } finally {
    clearInterval(sampler)
  }
}

function findPeak(samples: readonly Sample[]): number {
  return Math.max(0, ...samples.map(({ heldBytes }) => heldBytes))
}
