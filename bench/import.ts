import { readdirSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OpenSearchNode } from '../conformance/opensearch/opensearch-node.ts'
import { hasRealEvents, REAL_EVENT_COUNT, takeRealEvents } from './data/real-events.ts'
import { makeSyntheticCsv, makeSyntheticJsonLines } from './data/synthetic.ts'
import type { Figure } from './figures.ts'
import { bulkImport, createPeerIndex, readPeerSize } from './peers/opensearch-peer.ts'
import { runSkein } from './skein-process.ts'
import { tellStep } from './tell-step.ts'

/** How much is measured. */
export interface ImportSizes {
  /** Synthetic events and CSV rows. */
  readonly events: number
  /** Real events, at most 1,004,643. */
  readonly realEvents: number
  /** Events that the peer is given: its rate is asked for, not its patience. */
  readonly peerEvents: number
}

interface ImportReport {
  readonly searchable_seconds: number
  readonly indexed_seconds: number
  readonly files: readonly { readonly stored: number; readonly rejected: number }[]
}

/** Imports by the command line, each into a new data directory; rates, memory and disk. */
export async function benchImport(
  sizes: ImportSizes,
  node: OpenSearchNode | undefined,
): Promise<readonly Figure[]> {
  const figures: Figure[] = []
  figures.push(
    ...(await measure(
      'synthetic JSON lines (500 bytes)',
      await makeSyntheticJsonLines(sizes.events),
      sizes,
      node,
      'datetime',
    )),
  )
  figures.push(
    ...(await measure(
      'CSV (400-byte rows)',
      await makeSyntheticCsv(sizes.events),
      sizes,
      undefined,
      'datetime',
    )),
  )
  if (hasRealEvents()) {
    const file = await takeRealEvents(Math.min(sizes.realEvents, REAL_EVENT_COUNT))
    figures.push(...(await measure('real Windows events (2.3 kB)', file, sizes, node, '@timestamp')))
  }
  return figures
}

async function measure(
  name: string,
  file: string,
  sizes: ImportSizes,
  node: OpenSearchNode | undefined,
  timeField: string,
): Promise<readonly Figure[]> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'timeskein-bench-'))
  try {
    tellStep(`import, ${name}`)
    const run = await runSkein([
      'import',
      file,
      '--sketch',
      'bench',
      '--timeline',
      'bench',
      '--data',
      dataDirectory,
      '--json',
      '--quiet',
    ])
    const report: ImportReport = JSON.parse(run.stdout)
    const stored = report.files.reduce((sum, one) => sum + one.stored, 0)
    const rejected = report.files.reduce((sum, one) => sum + one.rejected, 0)
    const sizeBytes = sumSizes(join(dataDirectory, 'indexes'))
    if (node) tellStep(`import, ${name}: the peer`)
    const peer = node ? await measurePeer(node, file, sizes.peerEvents, timeField) : undefined
    return [
      {
        name: `import, ${name}`,
        ours: stored / report.searchable_seconds,
        unit: 'events/s',
        theirs: peer?.rate,
        note: `${stored.toLocaleString('en')} stored, ${rejected.toLocaleString('en')} rejected, durable and searchable; peer: ${peer?.stored.toLocaleString('en') ?? 'not run'} taken, ${peer?.refused.toLocaleString('en') ?? '0'} refused`,
      },
      {
        name: `word index complete after that, ${name}`,
        ours: report.indexed_seconds - report.searchable_seconds,
        unit: 's',
      },
      {
        name: `peak memory, ${name}`,
        ours: run.peakBytes / 1e6,
        unit: 'MB',
        note: `${stored.toLocaleString('en')} events`,
      },
      {
        name: `disk for 100,000 events, ${name}`,
        ours: (sizeBytes / stored) * 0.1,
        unit: 'MB',
        theirs: peer && (peer.sizeBytes / peer.stored) * 0.1,
        note: 'events with word index',
      },
    ]
  } finally {
    await rm(dataDirectory, { recursive: true, force: true })
  }
}

async function measurePeer(
  node: OpenSearchNode,
  file: string,
  eventCount: number,
  timeField: string,
): Promise<{ rate: number; stored: number; refused: number; sizeBytes: number }> {
  const index = `bench-${timeField === 'datetime' ? 'synthetic' : 'real'}`
  await createPeerIndex(node.url, index)
  const done = await bulkImport(node.url, index, file, eventCount, (event) => {
    const time = event[timeField] ?? event['TimeCreated'] ?? event['EventTime'] ?? event['UtcTime']
    const parsed = new Date(String(time).replace(' ', 'T'))
    return Number.isNaN(parsed.getTime()) ? '1970-01-01T00:00:00Z' : parsed.toISOString()
  })
  return {
    rate: done.stored / done.seconds,
    stored: done.stored,
    refused: done.refused,
    sizeBytes: await readPeerSize(node.url, index),
  }
}

function sumSizes(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}
