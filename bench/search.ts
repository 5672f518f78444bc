import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Aggregations } from '@timeskein/query'
import { openSystem, type Principal, readQuestion, type Services } from '@timeskein/server'
import { openDuckDbStore } from '@timeskein/store'
import type { OpenSearchNode } from '../conformance/opensearch/opensearch-node.ts'
import { hasRealEvents, takeRealEvents } from './data/real-events.ts'
import { makeSyntheticJsonLines } from './data/synthetic.ts'
import { type Figure, median } from './figures.ts'
import { bulkImport, createPeerIndex, searchPeer } from './peers/opensearch-peer.ts'
import { runSkein } from './skein-process.ts'
import { tellStep } from './tell-step.ts'

const WARM_UPS = 3
const RUNS = 21
const PAGE = 50

interface Question {
  readonly name: string
  readonly query: string
  readonly from?: string
  readonly to?: string
  readonly aggregations?: Aggregations
  /** The same for OpenSearch when it is not the query string alone. */
  readonly peerBody?: Readonly<Record<string, unknown>>
}

const FACET_FIELDS = ['hostname', 'data_type', 'event_identifier'] as const

const SYNTHETIC_QUESTIONS: readonly Question[] = [
  { name: 'everything', query: '*' },
  { name: 'one frequent word', query: 'accepted' },
  { name: 'two words', query: 'accepted AND user0042' },
  { name: 'two frequent words', query: 'accepted AND ssh2' },
  {
    name: 'two exact fields',
    query: 'data_type.keyword:"syslog:line" AND hostname.keyword:"host-042.corp.example"',
  },
  { name: 'a phrase', query: 'message:"accepted password for"' },
  { name: 'a time range', query: '*', from: '2024-01-20', to: '2024-01-25' },
  { name: 'a word in a time range', query: 'failed', from: '2024-01-20', to: '2024-01-25' },
  { name: 'message:*ccept*', query: 'message:*ccept*' },
  { name: 'leading wildcard on a whole value', query: 'hostname.keyword:*042.corp.example' },
  {
    name: 'day histogram of a word',
    query: 'accepted',
    aggregations: {
      a: { kind: 'date_histogram', field: 'datetime', interval: { calendar: 'day' }, minCount: 0 },
    },
    peerBody: { size: 0, aggs: { a: { date_histogram: { field: 'datetime', calendar_interval: 'day' } } } },
  },
  {
    name: 'three top-10 facets over everything',
    query: '*',
    aggregations: Object.fromEntries(
      FACET_FIELDS.map((field) => [
        field,
        {
          kind: 'terms',
          field: field === 'event_identifier' ? field : `${field}.keyword`,
          size: 10,
          order: { by: '_count', direction: 'desc' },
          minCount: 1,
        } as const,
      ]),
    ),
    peerBody: {
      size: 0,
      aggs: Object.fromEntries(
        FACET_FIELDS.map((field) => [
          field,
          { terms: { field: field === 'event_identifier' ? field : `${field}.keyword`, size: 10 } },
        ]),
      ),
    },
  },
]

/** Questions on one imported set, ours and the peer's in turn; medians of 21 runs, totals compared. */
export async function benchSearch(
  sizes: { readonly events: number; readonly realEvents: number },
  node: OpenSearchNode | undefined,
): Promise<readonly Figure[]> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'timeskein-bench-'))
  try {
    tellStep(`import of ${sizes.events.toLocaleString('en')} synthetic events to ask about`)
    const file = await makeSyntheticJsonLines(sizes.events)
    await runSkein(['import', file, '--sketch', 'synthetic', '--data', dataDirectory, '--quiet'])
    if (hasRealEvents()) {
      tellStep(`import of ${sizes.realEvents.toLocaleString('en')} real events to ask about`)
      await runSkein([
        'import',
        await takeRealEvents(sizes.realEvents),
        '--sketch',
        'real',
        '--data',
        dataDirectory,
        '--quiet',
      ])
    }
    if (node) {
      tellStep('the same into the peer')
      await createPeerIndex(node.url, 'bench-search')
      await bulkImport(node.url, 'bench-search', file, sizes.events, (event) => String(event['datetime']))
    }
    // Without the memory of earlier answers: the peer's request cache is off too.
    const system = await openSystem({
      dataDirectory,
      openStore: async (directory) => await openDuckDbStore({ directory, resultCacheBytes: 0 }),
    })
    try {
      const admin = await system.services.auth.localPrincipal('admin')
      const figures = await measureSynthetic(system.services, admin, sizes.events, node)
      return hasRealEvents()
        ? [...figures, ...(await measureReal(system.services, admin, sizes.realEvents))]
        : figures
    } finally {
      await system.close()
    }
  } finally {
    await rm(dataDirectory, { recursive: true, force: true })
  }
}

async function measureSynthetic(
  services: Services,
  admin: Principal,
  events: number,
  node: OpenSearchNode | undefined,
): Promise<readonly Figure[]> {
  const sketch = await services.sketches.resolve(admin, 'synthetic')
  const figures: Figure[] = []
  for (const question of SYNTHETIC_QUESTIONS) {
    tellStep(`question: ${question.name}, synthetic`)
    const ask = async (): Promise<number> => await askOurs(services, admin, sketch.id, question)
    const askPeer = node ? async (): Promise<number> => await askTheirs(node, question) : undefined
    const ours: number[] = []
    const theirs: number[] = []
    let total = 0
    let peerTotal = 0
    for (let run = -WARM_UPS; run < RUNS; run += 1) {
      const started = performance.now()
      total = await ask()
      if (run >= 0) ours.push(performance.now() - started)
      if (!askPeer) continue
      const peerStarted = performance.now()
      peerTotal = await askPeer()
      if (run >= 0) theirs.push(performance.now() - peerStarted)
    }
    figures.push({
      name: `${question.name}, ${events.toLocaleString('en')} synthetic`,
      ours: median(ours),
      unit: 'ms',
      theirs: askPeer ? median(theirs) : undefined,
      note:
        askPeer && total !== peerTotal
          ? `TOTALS DIFFER: ${total} and ${peerTotal}`
          : `${total.toLocaleString('en')} hits`,
    })
  }
  return figures
}

async function measureReal(services: Services, admin: Principal, events: number): Promise<readonly Figure[]> {
  const sketch = await services.sketches.resolve(admin, 'real')
  const figures: Figure[] = []
  for (const question of [
    { name: 'everything', query: '*' },
    { name: 'one word in any field', query: 'powershell' },
    { name: 'EventID 4688', query: 'EventID:4688' },
    { name: 'substring of a field, any case', query: 'CommandLine:*ENCODED*' },
    { name: 'substring in any field, any case', query: '*mimikatz*' },
    { name: 'whole-value wildcard', query: 'Image:*\\\\system32\\\\cmd*' },
  ]) {
    tellStep(`question: ${question.name}, real`)
    const times: number[] = []
    let total = 0
    for (let run = -1; run < 5; run += 1) {
      const started = performance.now()
      total = await askOurs(services, admin, sketch.id, question)
      if (run >= 0) times.push(performance.now() - started)
    }
    figures.push({
      name: `${question.name}, ${events.toLocaleString('en')} real`,
      ours: median(times),
      unit: 'ms',
      note: `${total.toLocaleString('en')} hits`,
    })
  }
  return figures
}

async function askOurs(
  services: Services,
  admin: Principal,
  sketchId: number,
  question: Question,
): Promise<number> {
  const result = await services.explore.search(admin, {
    sketchId,
    query: readQuestion(question),
    size: question.aggregations ? 0 : PAGE,
    ...(question.aggregations ? { aggregations: question.aggregations } : {}),
  })
  return result.total
}

async function askTheirs(node: OpenSearchNode, question: Question): Promise<number> {
  const clauses: unknown[] = [{ query_string: { query: question.query, default_operator: 'AND' } }]
  if (question.from !== undefined)
    clauses.push({ range: { datetime: { gte: question.from, lte: question.to } } })
  const answer = await searchPeer(node.url, 'bench-search', {
    query: { bool: { must: clauses } },
    size: PAGE,
    sort: [{ datetime: 'asc' }],
    track_total_hits: true,
    ...question.peerBody,
  })
  return answer.hits.total.value
}
