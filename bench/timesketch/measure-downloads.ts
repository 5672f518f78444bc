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
      ours: zip.grownBytes / 1e6,
      unit: 'MB',
      note: `the server grew by that much while it wrote ${tellBytes(zip)} in ${zip.seconds.toFixed(1)} s`,
    },
  ]
}

function tellBytes({ bytes }: Download): string {
  return `${(bytes / 1e6).toFixed(0)} MB of ZIP`
}

async function download(api: Api, pid: number, path: string, body: unknown): Promise<Download> {
  const before = readResidentBytes(pid)
  let peak = before
  const sampler = setInterval(() => {
    peak = Math.max(peak, readResidentBytes(pid))
  }, SAMPLE_MS)
  try {
    const started = performance.now()
    const response = await api.open(path, body)
    let bytes = 0
    for await (const piece of response.body ?? []) bytes += piece.length
    return { seconds: (performance.now() - started) / 1000, bytes, grownBytes: peak - before }
  } finally {
    clearInterval(sampler)
  }
}
