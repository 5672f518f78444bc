import { isQueryError, parseSearchBody } from '@timeskein/query'
import { type EventStore, openDuckDbStore, type SearchRequest } from '@timeskein/store'
import { makeBatch } from '../../packages/store/src/contract/make-batch.ts'
import { readOwnAggregation } from './aggregation-answer.ts'
import type { GeneratedEvent } from './events.ts'
import type { Outcome } from './outcome.ts'
import type { Question } from './question.ts'

const INDEX = 'c'.repeat(32)
const AGGREGATION_NAME = 'asked'
/** Several segments, as an import of a large file leaves them. */
const BATCH_ROWS = 1000

/** The embedded store with the generated events in it. */
export interface EmbeddedSide extends AsyncDisposable {
  ask(question: Question): Promise<Outcome>
}

/**
 * Imports events into a new store.
 *
 * @param directory - An empty folder; the caller removes it.
 */
export async function openEmbeddedSide(
  directory: string,
  events: readonly GeneratedEvent[],
): Promise<EmbeddedSide> {
  const store = await openDuckDbStore({ directory })
  try {
    await importEvents(store, events)
    const uidBySeq = await readUids(store)
    return {
      ask: (question) => ask(store, uidBySeq, question),
      [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
    }
  } catch (error) {
    await store[Symbol.asyncDispose]()
    throw error
  }
}

async function importEvents(store: EventStore, events: readonly GeneratedEvent[]): Promise<void> {
  await store.createIndex(INDEX)
  await using transaction = await store.beginImport({
    index: INDEX,
    timelineId: 1,
    importId: '1'.padStart(32, '0'),
    profile: { aliases: {}, constants: {} },
    skipKnownRows: false,
  })
  for (let start = 0; start < events.length; start += BATCH_ROWS) {
    await transaction.append(makeBatch(events.slice(start, start + BATCH_ROWS)))
  }
  await transaction.commit()
}

async function readUids(store: EventStore): Promise<ReadonlyMap<number, string>> {
  const uids = new Map<number, string>()
  for await (const page of store.scan({ scope: [{ index: INDEX }], query: { kind: 'all' } })) {
    for (const { seq, source } of page) uids.set(seq, JSON.parse(source).uid)
  }
  return uids
}

async function ask(
  store: EventStore,
  uidBySeq: ReadonlyMap<number, string>,
  question: Question,
): Promise<Outcome> {
  try {
    return await answer(store, uidBySeq, question)
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    // The store refuses a histogram of too many buckets with a RangeError.
    const isRefusal = isQueryError(error) || (error instanceof RangeError && reason.includes('buckets'))
    return { kind: isRefusal ? 'refused' : 'broken', reason: reason.slice(0, 300) }
  }
}

async function answer(
  store: EventStore,
  uidBySeq: ReadonlyMap<number, string>,
  { body, wanted }: Question,
): Promise<Outcome> {
  const asked =
    wanted.kind === 'aggregation' ? { ...body, aggs: { [AGGREGATION_NAME]: wanted.definition } } : body
  const { query, aggregations } = parseSearchBody(asked)
  const request: SearchRequest = {
    scope: [{ index: INDEX }],
    query,
    sort: 'asc',
    size: 0,
    ...(aggregations && { aggregations }),
  }
  switch (wanted.kind) {
    case 'hits': {
      const found = await store.search({ ...request, size: uidBySeq.size })
      return {
        kind: 'hits',
        total: found.total,
        uids: found.events.map(({ seq }) => uidBySeq.get(seq) ?? `row ${seq}`),
      }
    }
    case 'page': {
      const { order, from, size } = wanted
      const found = await store.search({ ...request, sort: order, from, size })
      const timesMs = found.events.map(({ timeUs }) => Number(timeUs / 1000n))
      return { kind: 'page', total: found.total, timesMs }
    }
    case 'aggregation': {
      const found = await store.search(request)
      const result = found.aggregations[AGGREGATION_NAME]
      if (!result) throw new Error('the answer has no aggregation')
      return {
        kind: 'aggregation',
        total: found.total,
        answer: readOwnAggregation(wanted.definition, result),
      }
    }
  }
}
