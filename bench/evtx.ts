import { Buffer } from 'node:buffer'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openSampleLogs } from '../conformance/readers/evtx/sample-logs.ts'
import { ChunkSource, PeekableSource } from '../packages/ingest/src/containers/byte-source.ts'
import { ChunkContext } from '../packages/ingest/src/evtx/binxml/chunk-context.ts'
import { readChunkHeader } from '../packages/ingest/src/evtx/chunk/chunk-header.ts'
import { walkChunk } from '../packages/ingest/src/evtx/chunk/walk-chunk.ts'
import { EVTX_FORMAT } from '../packages/ingest/src/evtx/evtx-format.ts'
import { CHUNK_BYTES, FILE_HEADER_BYTES } from '../packages/ingest/src/evtx/limits.ts'
import { RecordWriter } from '../packages/ingest/src/evtx/record-writer.ts'
import { makeChunks, makeLog } from '../packages/ingest/src/evtx/testing/evtx-writer.ts'
import { makeRecord, processData, unnamedData } from '../packages/ingest/src/evtx/testing/sample-events.ts'
import { StretchRunner } from '../packages/ingest/src/pipeline/stretch.ts'
import { DATA_FOLDER } from './data/synthetic.ts'
import type { Figure } from './figures.ts'
import { measureImport, rateOf } from './reading.ts'
import { tellStep } from './tell-step.ts'

/** Records that are read again and again in memory, the first times to warm up. */
const MEMORY_RECORDS = 20_000
const START_MS = Date.UTC(2026, 2, 1)

/** Event logs: from bytes to flat records and to batches in one thread, and imported by the command line. Rates are medians. */
export async function benchEvtx(events: number): Promise<readonly Figure[]> {
  tellStep('event logs in memory')
  const made = Buffer.concat(makeChunks(makeRecords(MEMORY_RECORDS)))
  const figures = [
    measureRecords('made log (process starts, one service event in ten)', made),
    await measureBatches('made log', made),
  ]
  await using logs = await openSampleLogs()
  if ('missing' in logs.real) process.stdout.write(`no real logs: ${logs.real.missing}\n`)
  else figures.push(await measureFiles('real event logs of SigmaHQ', logs.real))
  tellStep(`import of an event log of ${events.toLocaleString('en')} records`)
  const note = `${events.toLocaleString('en')} records`
  return [...figures, ...(await measureImport('an event log', await makeEventLog(events), note))]
}

function* makeRecords(count: number) {
  for (let i = 0; i < count; i++) {
    const time = new Date(START_MS + i * 137).toISOString().replace('Z', '4567Z')
    if (i % 10 === 0) {
      const spec = { provider: 'Service Control Manager', channel: 'System', eventId: 7036 }
      yield makeRecord({ id: i + 1, time, ...spec, data: unnamedData(`service ${i % 80}`, 'running') })
    } else yield makeRecord({ id: i + 1, time, data: processData(i) })
  }
}

function measureRecords(name: string, chunks: Buffer): Figure {
  const writer = new RecordWriter(new Uint8Array(8 * 1024 * 1024), 0)
  const context = new ChunkContext()
  const read = (): number => {
    let count = 0
    for (let at = 0; at < chunks.length; at += CHUNK_BYTES) {
      const chunk = chunks.subarray(at, at + CHUNK_BYTES)
      const header = readChunkHeader(chunk)
      if (header === undefined) continue
      context.start(chunk)
      writer.startChunk()
      for (const item of walkChunk(chunk, header)) {
        if (item.kind !== 'record') continue
        writer.write(context, item, false)
        count++
      }
    }
    return count
  }
  const note = `one core, ${Math.round(chunks.length / MEMORY_RECORDS)} bytes a record; JSON text of each record with names, times and message`
  return { name: `event log to flat records, ${name}`, ours: rateOf(read), unit: 'events/s', note }
}

async function measureBatches(name: string, chunks: Buffer): Promise<Figure> {
  const runner = new StretchRunner()
  const settings = await planLog()
  const bytes = new Uint8Array(chunks)
  const read = (): number =>
    runner.run({ textId: name, settings, bytes, startLine: 0, place: 'top', isLast: true }).read
  return {
    name: `event log to batches, ${name}`,
    ours: rateOf(read),
    unit: 'events/s',
    note: 'one core, columns too',
  }
}

async function measureFiles(name: string, files: readonly string[]): Promise<Figure> {
  const runner = new StretchRunner()
  const settings = await planLog()
  const chunks = files.map((file) => readFileSync(file).subarray(FILE_HEADER_BYTES))
  const bytes = new Uint8Array(Buffer.concat(chunks))
  const read = (): number => {
    runner.run({ textId: name, settings, bytes, startLine: 0, place: 'top', isLast: true })
    return chunks.length
  }
  const note = 'chunks with an event or two: what a chunk costs beside its records'
  return { name, ours: rateOf(read), unit: 'chunks/s', note }
}

async function planLog() {
  const head = new ChunkSource(
    (async function* () {
      yield makeLog([])
    })(),
  )
  return (await EVTX_FORMAT.plan('bench', new PeekableSource(head), {}, {})).settings
}

/** A log of so many records; made once, then reused. */
export async function makeEventLog(events: number): Promise<string> {
  const path = join(DATA_FOLDER, `made-${events}.evtx`)
  if (existsSync(path)) return path
  await mkdir(DATA_FOLDER, { recursive: true })
  await writeFile(`${path}.partial`, makeLog(makeChunks(makeRecords(events))))
  await rename(`${path}.partial`, path)
  return path
}
