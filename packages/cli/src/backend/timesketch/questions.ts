import { type FoundEvent, stringifyExactJson, type Timesketch } from '@timeskein/sdk'
import type { EventRow, Question, QuestionCalls } from '../backend.ts'
import { createEventRow, readEventText } from '../event-row.ts'
import { findTimeline } from './find-timeline.ts'
import { makeSearch } from './make-search.ts'
import type { TimesketchPlace } from './open-timesketch-backend.ts'
import { refuse } from './refuse.ts'

/** Events of one answer of a scan: an answer is held in memory. */
const SCAN_PAGE = 1000
/** Members of an event that are the server's, not the event's. */
const SERVERS_OWN = ['__ts_timeline_id', '__ts_emojis'] as const

/** Questions to a Timesketch server. */
export function createQuestionCalls({ timesketch }: TimesketchPlace): QuestionCalls {
  return {
    async search(question, { size, sort }) {
      const asked = (await makeSearch(timesketch, question)).withFields('*').with({ order: sort })
      const readRow = await createRowReader(timesketch, question)
      if (size === 0) {
        const total = await asked.count({ signal: question.signal })
        return { total, hits: [], tookMs: 0, complete: true, incompleteReason: undefined }
      }
      const hits: EventRow[] = []
      let total = 0
      let tookMs = 0
      let incompleteReason: string | undefined
      for await (const page of asked.take(size).pages({ signal: question.signal })) {
        total ||= page.exactTotal || page.total
        tookMs += page.tookMs
        incompleteReason ??= page.incompleteReason
        for (const event of page.events) hits.push(readRow(event))
      }
      return { total, hits, tookMs, complete: incompleteReason === undefined, incompleteReason }
    },
    async *scan(question, { sort = 'asc' }) {
      const asked = (await makeSearch(timesketch, question)).withFields('*').with({ order: sort })
      const readRow = await createRowReader(timesketch, question)
      for await (const page of asked.withPageSize(SCAN_PAGE).pages({ signal: question.signal }))
        yield page.events.map(readRow)
    },
    async count(question) {
      const search = await makeSearch(timesketch, question)
      return { count: await search.count({ signal: question.signal }), complete: true }
    },
    async histogram(question, interval) {
      if (interval !== undefined)
        refuse('A histogram has the interval that is chosen there: --interval is not taken')
      const search = (await makeSearch(timesketch, question)).take(1)
      const { countOverTime } = await search.firstPage({ signal: question.signal })
      const buckets = Object.entries(countOverTime.data)
        .map(([ms, count]) => ({ ms: Number(ms), count }))
        .filter(({ count }) => count > 0)
        .sort((a, b) => a.ms - b.ms)
        .map(({ ms, count }) => ({ time: new Date(ms).toISOString().replace('.000Z', '+00:00'), count }))
      return { interval: countOverTime.interval, buckets }
    },
    async top(question, field, size) {
      const search = await makeSearch(timesketch, question)
      if (question.timeline !== undefined)
        refuse('Values are counted over all timelines: --timeline is not taken')
      const { signal } = question
      const parameters = {
        field,
        limit: String(size),
        query_string: search.question.query ?? '*',
        supported_charts: 'table',
      }
      const { aggregations } = timesketch.sketch(question.sketchId)
      const { rows } = await aggregations.run('query_bucket', parameters, { signal })
      const buckets = rows.map((row) => ({ value: toValue(row[field]), count: Number(row['count']) }))
      const counted = buckets.reduce((sum, { count }) => sum + count, 0)
      const exists = search.withQuery(`(${search.question.query ?? '*'}) AND _exists_:${field}`)
      const total = await exists.count({ signal })
      return { buckets, otherCount: Math.max(0, total - counted) }
    },
    async explain(question) {
      const dsl = await (await makeSearch(timesketch, question)).explain({ signal: question.signal })
      return [`sent to OpenSearch: ${stringifyExactJson(dsl)}`]
    },
    async listFields(question) {
      const { signal } = question
      const sketch = timesketch.sketch(question.sketchId)
      const { fields } = await sketch.get({ signal })
      const wanted =
        question.timeline === undefined
          ? undefined
          : new Set(
              await sketch.timelines.fields((await findTimeline(sketch, question.timeline, question)).id, {
                signal,
              }),
            )
      return fields
        .filter(({ name }) => !name.startsWith('__ts_') && name !== 'timesketch_label')
        .filter(({ name }) => wanted === undefined || wanted.has(name))
        .map(({ name, type }) => ({ name, kinds: [toKind(type)], events: 0 }))
    },
  }
}

/** Members that the server adds to every event, marked or not. */
const MARKS = ['label', 'comment'] as const

/** Makes rows for output of what is found: the names of the timelines are asked for once. */
export async function createRowReader(
  timesketch: Timesketch,
  { sketchId, signal }: Question,
): Promise<(event: FoundEvent) => EventRow> {
  const timelines = await timesketch.sketch(sketchId).timelines.list({ signal })
  const names = new Map(timelines.map(({ id, name }) => [id, name]))
  return (event) => {
    const fields = new Map(Object.entries(event.fields))
    const timeline = names.get(Number(fields.get('__ts_timeline_id'))) ?? ''
    for (const name of SERVERS_OWN) fields.delete(name)
    for (const name of MARKS) {
      const marks = fields.get(name)
      if (Array.isArray(marks) && marks.length === 0) fields.delete(name)
    }
    return createEventRow(event.id, timeline, readEventText(stringifyExactJson(Object.fromEntries(fields))))
  }
}

function toValue(value: unknown): string | number | boolean {
  return typeof value === 'number' || typeof value === 'boolean' ? value : String(value ?? '')
}

/** OpenSearch's types in our words for them. */
function toKind(type: string): string {
  if (type === 'long' || type === 'integer') return 'integer'
  if (type === 'float' || type === 'double') return 'real'
  return type === 'boolean' ? 'boolean' : 'text'
}
