import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSystem, readQuestion } from '@timeskein/server'
import { makeSyntheticJsonLines } from './data/synthetic.ts'
import { type Figure, median, quantile } from './figures.ts'
import { readResidentBytes, runSkein, startServer } from './skein-process.ts'
import { tellStep } from './tell-step.ts'

const WHILE_IMPORTING_EVERY_MS = 100

/** Marks, exports, the server at rest, and questions asked while another import runs. */
export async function benchWork(events: number): Promise<readonly Figure[]> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'timeskein-bench-'))
  try {
    tellStep(`import of ${events.toLocaleString('en')} synthetic events to work with`)
    const file = await makeSyntheticJsonLines(events)
    await runSkein(['import', file, '--sketch', 'work', '--data', dataDirectory, '--quiet'])
    return [
      ...(await measureMarks(dataDirectory)),
      await measureExport(dataDirectory, events),
      ...(await measureServer(dataDirectory, events)),
      await measureWhileImporting(dataDirectory, file),
    ]
  } finally {
    await rm(dataDirectory, { recursive: true, force: true })
  }
}

async function measureMarks(dataDirectory: string): Promise<readonly Figure[]> {
  tellStep('tags by query')
  const system = await openSystem({ dataDirectory })
  try {
    const { services } = system
    const admin = await services.auth.localPrincipal('admin')
    const sketch = await services.sketches.resolve(admin, 'work')
    const queryText = 'accepted'
    const times: number[] = []
    let changed = 0
    for (let run = 0; run < 5; run += 1) {
      const started = performance.now()
      const result = await services.marks.addTags(admin, sketch.id, [`bench${run}`], {
        query: readQuestion({ query: queryText }),
        queryText,
      })
      times.push(performance.now() - started)
      changed = result.changed
    }
    return [
      {
        name: 'tag by query',
        ours: median(times) / 1000,
        unit: 's',
        note: `${changed.toLocaleString('en')} events tagged`,
      },
    ]
  } finally {
    await system.close()
  }
}

async function measureExport(dataDirectory: string, events: number): Promise<Figure> {
  tellStep('export to CSV')
  const out = join(dataDirectory, 'export.csv')
  const run = await runSkein([
    'export',
    '--sketch',
    'work',
    '--format',
    'csv',
    '--out',
    out,
    '--data',
    dataDirectory,
    '--quiet',
  ])
  return {
    name: 'export to CSV',
    ours: run.seconds,
    unit: 's',
    note: `${events.toLocaleString('en')} events, peak ${(run.peakBytes / 1e6).toFixed(0)} MB`,
  }
}

async function measureServer(dataDirectory: string, events: number): Promise<readonly Figure[]> {
  tellStep('start of the server')
  const key = await createKey(dataDirectory)
  await using server = await startServer(dataDirectory)
  const idleBytes = readResidentBytes(server.pid)
  const started = performance.now()
  await count(server.url, key, 'accepted')
  const firstMs = performance.now() - started
  return [
    {
      name: 'start until it listens',
      ours: server.startMs / 1000,
      unit: 's',
      note: `${events.toLocaleString('en')} events stored`,
    },
    { name: 'first answer after that', ours: firstMs / 1000, unit: 's', note: 'count of a word, over HTTP' },
    { name: 'memory at rest', ours: idleBytes / 1e6, unit: 'MB', note: 'before the first question' },
  ]
}

async function measureWhileImporting(dataDirectory: string, file: string): Promise<Figure> {
  tellStep('questions while an import runs')
  const key = await createKey(dataDirectory)
  await using server = await startServer(dataDirectory)
  const times: number[] = []
  let isImporting = true
  const importing = runSkein([
    'import',
    file,
    '--sketch',
    'second',
    '--server',
    server.url,
    '--api-key',
    key,
    '--quiet',
  ]).finally(() => {
    isImporting = false
  })
  while (isImporting) {
    const started = performance.now()
    await count(server.url, key, 'accepted AND ssh2')
    times.push(performance.now() - started)
    await new Promise((resolve) => setTimeout(resolve, WHILE_IMPORTING_EVERY_MS))
  }
  await importing
  return {
    name: 'answer while importing, p95',
    ours: quantile(times, 0.95),
    unit: 'ms',
    note: `${times.length} questions over HTTP, median ${median(times).toFixed(0)} ms`,
  }
}

async function createKey(dataDirectory: string): Promise<string> {
  const run = await runSkein(['key', 'create', '--json', '--data', dataDirectory])
  return (JSON.parse(run.stdout) as { key: string }).key
}

async function count(url: string, key: string, query: string): Promise<void> {
  const response = await fetch(`${url}/api/skein/v1/sketches/1/count`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  if (!response.ok) throw new Error(`the server answered ${response.status}: ${await response.text()}`)
  await response.text()
}
