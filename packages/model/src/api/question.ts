import { z } from 'zod'

/** Events on one page of a search at most; the next page begins at the cursor of the one before. */
export const MAX_SEARCH_PAGE = 10_000
/** Values that are listed of one field at most; `otherCount` tells how many events have others. */
export const MAX_TOP_VALUES = 100_000

/** A question as people type it. A member that it does not have is refused: left aside, it would widen the question. */
export const questionSchema = z.strictObject({
  /** Lucene query string; empty means every event. */
  query: z.string().default(''),
  /** Names or ids of timelines; all when left out. */
  timelines: z.array(z.union([z.string(), z.int()])).optional(),
  /** Not before: a date, a date with time, or date maths such as `now-7d`. */
  from: z.string().optional(),
  /** Not after: a day means its end. */
  to: z.string().optional(),
})

/** A question as a client sends it: everything may be left out, and then every event of the sketch answers. */
export type ApiQuestion = z.input<typeof questionSchema>

/**
 * Which fields an event comes with beside its own: `all` that stand for what it lacks (`datetime`, `timestamp`,
 * `timestamp_desc`, `message`), `none`, or those without which an `import` would not make the same event of it.
 */
export const derivedSchema = z.enum(['all', 'import', 'none'])
export type ApiDerived = z.infer<typeof derivedSchema>

/** The order of events by time; equal times stand in the order of arrival. */
export const sortSchema = z.enum(['asc', 'desc'])

/** A page of events with what surrounds it; the answer comes as lines (`searchLineSchema`). */
export const searchRequestSchema = questionSchema.extend({
  sort: sortSchema.default('asc'),
  size: z.int().min(0).max(MAX_SEARCH_PAGE).default(50),
  /** Begin with this row of the answer. */
  from_row: z.int().min(0).optional(),
  /** Begin after the page that gave this cursor. */
  after: z.string().optional(),
  /** Only these fields of each event; all when left out. */
  fields: z.array(z.string()).optional(),
  derived: derivedSchema.default('all'),
  /** Facets: the commonest values of these fields. */
  facets: z.array(z.string()).max(20).default([]),
  /** Also count over time. */
  histogram: z.boolean().default(false),
  /** Answer with what there is after so long. */
  timeLimitMs: z.int().min(1).optional(),
})

/** A search as a client sends it, the body of `POST /sketches/{id}/search`. */
export type ApiSearchRequest = z.input<typeof searchRequestSchema>

/** One event: its identity, where it stands, and its own fields. */
export const eventSchema = z.object({
  id: z.string(),
  timeline: z.string(),
  event: z.record(z.string(), z.unknown()),
})

/** A value of a field and how many events have it. A whole number beyond 2^53 is text, its exact digits. */
export const bucketSchema = z.object({
  value: z.union([z.string(), z.number(), z.boolean()]),
  count: z.int(),
})

/** A stretch of time by its beginning (ISO 8601, UTC) and how many events it holds; its length is the histogram's `interval`. */
export const timeBucketSchema = z.object({ time: z.string(), count: z.int() })

/** One line of a search's answer. `done` is always the last. */
export const searchLineSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), rowsDone: z.int(), rowsTotal: z.int(), found: z.int() }),
  z.object({ type: z.literal('rows'), rows: z.array(eventSchema) }),
  z.object({ type: z.literal('count'), total: z.int(), byTimeline: z.record(z.string(), z.int()) }),
  z.object({ type: z.literal('histogram'), interval: z.string(), buckets: z.array(timeBucketSchema) }),
  z.object({
    type: z.literal('facets'),
    facets: z.record(z.string(), z.object({ buckets: z.array(bucketSchema), otherCount: z.int() })),
  }),
  z.object({
    type: z.literal('done'),
    tookMs: z.int(),
    complete: z.boolean(),
    incompleteReason: z.string().optional(),
    /** Where the next page begins; left out at the end. */
    next: z.string().optional(),
  }),
  z.object({ type: z.literal('error'), code: z.string(), detail: z.string() }),
])

/** One line of the answer to a search, told apart by `type`. An `error` may stand in place of `done` when the answer has begun. */
export type ApiSearchLine = z.infer<typeof searchLineSchema>

/** The answer of `POST /sketches/{id}/count`, and of `skein count --json`; exact. */
export const countAnswerSchema = z.object({ count: z.int() })

/** The body of `POST /sketches/{id}/histogram`. */
export const histogramRequestSchema = questionSchema.extend({
  /** A calendar unit (`day`) or a length (`6h`); what fits when left out. */
  interval: z.string().optional(),
})

/** The answer to it: buckets by ascending time; those without events may be left out. `interval` as it was asked for or chosen. */
export const histogramAnswerSchema = z.object({ interval: z.string(), buckets: z.array(timeBucketSchema) })

/** The body of `POST /sketches/{id}/top`: the `size` commonest values of one field, by its dotted name. */
export const topRequestSchema = questionSchema.extend({
  field: z.string().min(1),
  size: z.int().min(1).max(MAX_TOP_VALUES).default(10),
})

/** The answer to it: the commonest value first. `otherCount` counts the values, event by event, that have no bucket. */
export const topAnswerSchema = z.object({ buckets: z.array(bucketSchema), otherCount: z.int() })
/** What is asked of the events that answer a question. */
export const asksSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('page') }),
  z.strictObject({ kind: z.literal('count') }),
  z.strictObject({ kind: z.literal('histogram'), interval: z.string().optional() }),
  z.strictObject({
    kind: z.literal('top'),
    field: z.string().min(1),
    size: z.int().min(1).max(MAX_TOP_VALUES),
  }),
])

/** What is asked, told apart by `kind`; a `page` is what a search without more is. */
export type ApiAsks = z.infer<typeof asksSchema>
/** A question that is to be explained, not answered. */
export const explainRequestSchema = questionSchema.extend({
  /** What would be asked; a page of events when left out. */
  asks: asksSchema.default({ kind: 'page' }),
})

/** The answer of `POST /sketches/{id}/explain`: the plan in sentences, in the order in which it is carried out. */
export const explainAnswerSchema = z.object({ steps: z.array(z.string()) })

/** A field with the share of events that have it. */
export const fieldSchema = z.object({
  name: z.string(),
  kinds: z.array(z.string()),
  events: z.int(),
  /** Of all events asked about, 0 to 1. */
  share: z.number(),
  /** Distinct values, estimated. */
  cardinality: z.int(),
})

/** The answer of `POST /sketches/{id}/fields`. */
export const fieldsAnswerSchema = z.object({ fields: z.array(fieldSchema) })

/** Rows of an answer around a place: a row number, a time (ISO 8601), or an event. */
export const rowsRequestSchema = questionSchema.extend({
  around: z.union([
    z.strictObject({ row: z.int().min(0) }),
    z.strictObject({ time: z.string() }),
    z.strictObject({ event: z.string() }),
  ]),
  before: z.int().min(0).max(1000).default(0),
  after: z.int().min(0).max(1000).default(50),
})

/** The answer of `POST /sketches/{id}/rows`: rows oldest first. `firstRow` is the number of the first one in the whole answer, from 0; `total` how many that has. */
export const rowsAnswerSchema = z.object({ rows: z.array(eventSchema), firstRow: z.int(), total: z.int() })

/** Every event of an answer as JSON lines or CSV. */
export const exportRequestSchema = questionSchema.extend({
  format: z.enum(['jsonl', 'csv']).default('jsonl'),
  fields: z.array(z.string()).optional(),
  /** Of JSON lines without `fields`. */
  derived: derivedSchema.default('all'),
  /** In the order of arrival, which is quickest, when left out. */
  sort: sortSchema.optional(),
})
