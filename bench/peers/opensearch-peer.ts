import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'

/**
 * Field types as Timesketch gives them, but for its `wildcard` sub-fields, which would slow the peer's import further, and
 * for events whose types differ from the first one's: Timesketch's mapping refuses two thirds of the real set over them.
 */
const MAPPING = {
  date_detection: false,
  dynamic_templates: [
    {
      strings: {
        match_mapping_type: 'string',
        mapping: { type: 'text', fields: { keyword: { type: 'keyword', ignore_above: 256 } } },
      },
    },
    { integers: { match_mapping_type: 'long', mapping: { type: 'long', ignore_malformed: true } } },
    { fractions: { match_mapping_type: 'double', mapping: { type: 'double', ignore_malformed: true } } },
  ],
  properties: { datetime: { type: 'date' }, timesketch_label: { type: 'nested' } },
}
const BULK_EVENTS = 2000

/** Makes an index with Timesketch's field types on a node. */
export async function createPeerIndex(url: string, index: string): Promise<void> {
  await call(`${url}/${index}`, 'PUT', {
    settings: {
      number_of_shards: 1,
      number_of_replicas: 0,
      'index.mapping.total_fields.limit': 20_000,
      'index.max_result_window': 1_000_000,
    },
    mappings: MAPPING,
  })
}

/**
 * Sends a file of JSON lines to the peer's bulk API, 2,000 events a request, one request under way while the next is read.
 *
 * @param limit - Events to send at most.
 * @param readTime - Gives each event's time, ISO 8601, stored as `datetime`.
 * @returns Events the peer took and refused, and seconds until they are searchable.
 */
export async function bulkImport(
  url: string,
  index: string,
  file: string,
  limit: number,
  readTime: (event: Record<string, unknown>) => string,
): Promise<{ stored: number; refused: number; seconds: number }> {
  const started = performance.now()
  const sum = { stored: 0, refused: 0 }
  let pending: Promise<void> = Promise.resolve()
  let body = ''
  let count = 0
  let sent = 0
  const flush = async (): Promise<void> => {
    const full = body
    body = ''
    count = 0
    await pending
    pending = sendBulk(url, index, full, sum)
  }
  for await (const line of createInterface({
    input: createReadStream(file),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    const event: Record<string, unknown> = JSON.parse(line)
    event['datetime'] = readTime(event)
    body += `{"index":{}}\n${JSON.stringify(event)}\n`
    count += 1
    sent += 1
    if (count === BULK_EVENTS) await flush()
    if (sent >= limit) break
  }
  if (count > 0) await flush()
  await pending
  await call(`${url}/${index}/_refresh`, 'POST')
  return { ...sum, seconds: (performance.now() - started) / 1000 }
}

/** Runs one search on the peer; its answer's own `took` leaves the way through HTTP out, so wall time is taken outside. */
export async function searchPeer(url: string, index: string, body: unknown): Promise<PeerAnswer> {
  return (await call(`${url}/${index}/_search?request_cache=false`, 'POST', body)) as PeerAnswer
}

/** Bytes of the index on disk, after merging is left to the node itself. */
export async function readPeerSize(url: string, index: string): Promise<number> {
  const answer = (await call(`${url}/${index}/_stats/store`, 'GET')) as {
    _all: { primaries: { store: { size_in_bytes: number } } }
  }
  return answer._all.primaries.store.size_in_bytes
}

/** The parts of an OpenSearch answer that comparisons read. */
export interface PeerAnswer {
  readonly took: number
  readonly hits: {
    readonly total: { readonly value: number }
    readonly hits: readonly { readonly _id: string }[]
  }
  readonly aggregations?: Readonly<
    Record<string, { readonly buckets: readonly { key: string | number; doc_count: number }[] }>
  >
}

async function sendBulk(
  url: string,
  index: string,
  body: string,
  sum: { stored: number; refused: number },
): Promise<void> {
  const answer = (await call(`${url}/${index}/_bulk?filter_path=items.*.status`, 'POST', body)) as {
    items: { index: { status: number } }[]
  }
  for (const item of answer.items) {
    if (item.index.status < 300) sum.stored += 1
    else sum.refused += 1
  }
}

async function call(url: string, method: string, body?: unknown): Promise<unknown> {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': typeof body === 'string' ? 'application/x-ndjson' : 'application/json' },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok)
    throw new Error(`OpenSearch answered ${response.status} to ${method} ${url}: ${text.slice(0, 500)}`)
  return JSON.parse(text)
}
