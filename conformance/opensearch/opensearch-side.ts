import { type PeerAggregation, readPeerAggregation } from './aggregation-answer.ts'
import type { GeneratedEvent } from './events.ts'
import type { Outcome } from './outcome.ts'
import type { Question } from './question.ts'

const BULK_EVENTS = 2000
const AGGREGATION_NAME = 'asked'
/** Keeps an answer to what is compared: whole hits of a thousand questions would be hundreds of megabytes. */
const FILTER_PATH = [
  'responses.status',
  'responses.error.type',
  'responses.error.root_cause',
  'responses.error.caused_by.type',
  'responses.hits.total.value',
  'responses.hits.hits._id',
  'responses.hits.hits.sort',
  'responses.aggregations',
].join(',')

/** Stores events under their `uid`, searchable when it resolves. */
export async function importIntoOpenSearch(
  url: string,
  index: string,
  events: readonly GeneratedEvent[],
): Promise<void> {
  for (let start = 0; start < events.length; start += BULK_EVENTS) {
    const lines = events
      .slice(start, start + BULK_EVENTS)
      .map((event) => `${JSON.stringify({ index: { _id: event.uid } })}\n${JSON.stringify(event)}\n`)
    const answer = (await post(`${url}/${index}/_bulk?filter_path=errors,items.*.error`, lines.join(''))) as {
      readonly errors: boolean
      readonly items?: unknown
    }
    if (answer.errors) {
      throw new Error(`OpenSearch refused events: ${JSON.stringify(answer.items).slice(0, 500)}`)
    }
  }
  await post(`${url}/${index}/_refresh`, '')
}

/**
 * Asks several questions with one request. A body that cannot be parsed at all makes the node refuse the whole request; it
 * is found by halving.
 */
export async function askOpenSearch(
  url: string,
  index: string,
  questions: readonly Question[],
): Promise<readonly Outcome[]> {
  const lines = questions.map(
    (question) => `${JSON.stringify({ index })}\n${JSON.stringify(searchBody(question))}\n`,
  )
  const answer = await send(`${url}/_msearch?filter_path=${FILTER_PATH}`, lines.join(''))
  if (answer.status === 400) {
    if (questions.length === 1) return [{ kind: 'refused', reason: answer.text.slice(0, 200) }]
    const middle = Math.ceil(questions.length / 2)
    return [
      ...(await askOpenSearch(url, index, questions.slice(0, middle))),
      ...(await askOpenSearch(url, index, questions.slice(middle))),
    ]
  }
  const { responses } = readJson(answer) as { readonly responses: readonly PeerResponse[] }
  return questions.map((question, at) => readResponse(question, responses[at]!))
}

interface PeerResponse {
  readonly status: number
  readonly error?: {
    readonly type: string
    readonly root_cause?: readonly { readonly reason: string }[]
    readonly caused_by?: { readonly type: string }
  }
  readonly hits?: {
    readonly total: { readonly value: number }
    readonly hits?: readonly { readonly _id: string; readonly sort?: readonly number[] }[]
  }
  readonly aggregations?: Readonly<Record<string, PeerAggregation>>
}

function searchBody({ body, wanted }: Question): unknown {
  const shared = { ...body, _source: false, track_total_hits: true }
  switch (wanted.kind) {
    case 'hits':
      return { ...shared, size: 100_000, sort: ['_doc'] }
    case 'page':
      return { ...shared, size: wanted.size, from: wanted.from, sort: [{ datetime: wanted.order }] }
    case 'aggregation':
      return { ...shared, size: 0, aggs: { [AGGREGATION_NAME]: wanted.definition } }
  }
}

function readResponse({ wanted }: Question, response: PeerResponse): Outcome {
  if (response.error) {
    const reason = `${response.error.type}: ${response.error.root_cause?.[0]?.reason ?? ''}`.slice(0, 200)
    // Too many buckets are answered with 503, though asking again will not help.
    const isRefusal =
      response.status === 400 || response.error.caused_by?.type === 'too_many_buckets_exception'
    return isRefusal ? { kind: 'refused', reason } : { kind: 'broken', reason }
  }
  const total = response.hits?.total.value ?? 0
  const hits = response.hits?.hits ?? []
  switch (wanted.kind) {
    case 'hits':
      return { kind: 'hits', total, uids: hits.map(({ _id }) => _id) }
    case 'page':
      return { kind: 'page', total, timesMs: hits.map(({ sort }) => sort?.[0] ?? Number.NaN) }
    case 'aggregation': {
      const answer = response.aggregations?.[AGGREGATION_NAME] ?? {}
      return { kind: 'aggregation', total, answer: readPeerAggregation(wanted.definition, answer) }
    }
  }
}

interface HttpAnswer {
  readonly url: string
  readonly status: number
  readonly text: string
}

async function post(url: string, body: string): Promise<unknown> {
  return readJson(await send(url, body))
}

async function send(url: string, body: string): Promise<HttpAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    ...(body === '' ? {} : { body }),
  })
  return { url, status: response.status, text: await response.text() }
}

function readJson({ url, status, text }: HttpAnswer): unknown {
  if (status >= 300) throw new Error(`OpenSearch answered ${status} to ${url}: ${text.slice(0, 500)}`)
  return JSON.parse(text)
}
