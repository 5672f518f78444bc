import type { ExactJson } from '../../transport/exact-json.ts'
import { path } from '../../transport/path.ts'
import type { CallOptions } from '../connection/call-options.ts'
import type { Connection } from '../connection/connection.ts'
import { type EventRef, toPage } from '../search/page.ts'
import { EMPTY_QUESTION, MAX_PAGE_SIZE, toSearchBody } from '../search/question.ts'
import { type Timeline, toTimeline } from '../timelines/timeline.ts'
import { readBare, readMeta, readModels, readObject } from '../wire/envelope.ts'
import { readNumber, readRecord, readRecords, readTexts, type WireRecord } from '../wire/record.ts'
import { type EventComment, toEventComment } from './event-comment.ts'

/** An event with everything that is known of it. */
export interface EventDetail extends EventRef {
  readonly fields: WireRecord
  readonly comments: readonly EventComment[]
}

/** What came of marking events; all calls that were needed, together. */
export interface MarkReport {
  /** Events that were given. */
  readonly given: number
  /** Events that have changed. */
  readonly changed: number
  /** What the server could not do. */
  readonly errors: readonly string[]
}

/** An event made by hand. */
export interface EventDraft {
  readonly message: string
  /** Any date text; without zone it is UTC. */
  readonly datetime: string
  readonly timestampDesc: string
  readonly attributes?: Readonly<Record<string, unknown>>
  readonly tags?: readonly string[]
}

const FACT_LABEL = '__ts_fact'
const STAR_LABEL = '__ts_star'
const RESERVED: ReadonlySet<string> = new Set(['date_string', 'timestamp_desc', 'message', 'tag'])

// Limits of the server (event.py, MAX_EVENTS_TO_TAG and others); a body stays small with the first.
const TAG_BATCH = 10_000
const UNTAG_BATCH = 500
const ATTRIBUTE_BATCH = 10_000
const ANNOTATE_BATCH = 1000

/** Events of a sketch, and marks on them. Any number of events can be given: calls are cut to the server's limits. */
export class Events {
  readonly #connection: Connection
  readonly #sketch: string
  readonly #base: string

  constructor(connection: Connection, sketchId: number) {
    this.#connection = connection
    this.#sketch = path`/sketches/${sketchId}/`
    this.#base = `${this.#sketch}event/`
  }

  async get(event: EventRef, options?: CallOptions): Promise<EventDetail> {
    const query = { searchindex_id: event.index, event_id: event.id }
    const answer = await this.#connection.get(this.#base, options, query)
    const { _id, _index, ...fields } = readRecord(readBare(answer), 'objects')
    return {
      id: typeof _id === 'string' ? _id : event.id,
      index: typeof _index === 'string' ? _index : event.index,
      fields,
      comments: readRecords(readMeta(answer), 'comments').map(toEventComment),
    }
  }

  /**
   * Adds an event to the sketch's timeline of events made by hand.
   *
   * @throws {TypeError} For an attribute that would take the place of a part of the event.
   */
  async create(event: EventDraft, options?: CallOptions): Promise<Timeline> {
    const taken = Object.keys(event.attributes ?? {}).filter((name) => RESERVED.has(name))
    if (taken.length > 0)
      throw new TypeError(`an attribute cannot be called ${taken.join(', ')}: it is a part of the event`)
    const body = {
      date_string: event.datetime,
      timestamp_desc: event.timestampDesc,
      message: event.message,
      attributes: event.attributes ?? {},
      tag: event.tags ?? [],
    }
    return toTimeline(readObject(await this.#connection.post(`${this.#base}create/`, body, options)))
  }

  async tag(
    events: readonly EventRef[],
    tags: readonly string[],
    options?: CallOptions,
  ): Promise<MarkReport> {
    return await this.#mark(events, TAG_BATCH, async (batch) => {
      const body = { tag_string: JSON.stringify(tags), events: batch.map(toWire), verbose: false }
      const meta = readMeta(await this.#connection.post(`${this.#base}tagging/`, body, options))
      return {
        changed: readNumber(meta, 'number_of_events_with_added_tags'),
        errors: readTexts(meta, 'errors'),
      }
    })
  }

  /** A server does not say how many events had the tags: all of them count as changed. */
  async untag(
    events: readonly EventRef[],
    tags: readonly string[],
    options?: CallOptions,
  ): Promise<MarkReport> {
    return await this.#mark(events, UNTAG_BATCH, async (batch) => {
      const body = { events: batch.map(toWire), tags_to_remove: tags }
      await this.#connection.post(`${this.#base}untag/`, body, options)
      return { changed: batch.length, errors: [] }
    })
  }

  /** Labels that mark and hide (`__ts_star`, `__ts_hidden`) are taken away where they are: `star` and `unstar` look first. */
  async label(events: readonly EventRef[], name: string, options?: CallOptions): Promise<MarkReport> {
    return await this.#annotate(events, { annotation: name, annotation_type: 'label' }, options)
  }

  async unlabel(events: readonly EventRef[], name: string, options?: CallOptions): Promise<MarkReport> {
    return await this.#annotate(events, { annotation: name, annotation_type: 'label', remove: true }, options)
  }

  /** Gives the events a star that have none. A server turns a star over, so it is looked first which have one. */
  async star(events: readonly EventRef[], options?: CallOptions): Promise<MarkReport> {
    return await this.#turnStar(events, true, options)
  }

  async unstar(events: readonly EventRef[], options?: CallOptions): Promise<MarkReport> {
    return await this.#turnStar(events, false, options)
  }

  /** Gives events as the facts that a conclusion stands on. */
  async linkToConclusion(
    events: readonly EventRef[],
    conclusionId: number,
    options: CallOptions & { unlink?: boolean } = {},
  ): Promise<MarkReport> {
    const body = {
      annotation: FACT_LABEL,
      annotation_type: 'label',
      conclusion_id: conclusionId,
      remove: options.unlink ?? false,
    }
    return await this.#annotate(events, body, options)
  }

  async comment(event: EventRef, text: string, options?: CallOptions): Promise<EventComment> {
    const body = { annotation: text, annotation_type: 'comment', events: [toWire(event)] }
    return firstComment(await this.#connection.post(`${this.#base}annotate/`, body, options))
  }

  /** Only its author can. */
  async editComment(
    event: EventRef,
    commentId: number,
    text: string,
    options?: CallOptions,
  ): Promise<EventComment> {
    const annotation = { id: commentId, comment: text }
    const body = { annotation, annotation_type: 'comment', events: [toWire(event)] }
    return firstComment(await this.#connection.put(`${this.#base}annotate/`, body, options))
  }

  /** Only its author can. */
  async deleteComment(event: EventRef, commentId: number, options?: CallOptions): Promise<void> {
    const query = {
      annotation_type: 'comment',
      annotation_id: commentId,
      event_id: event.id,
      searchindex_id: event.index,
    }
    await this.#connection.delete(`${this.#base}annotate/`, options, { query })
  }

  /** New fields of events; what is there already is not replaced but told as an error. */
  async addAttributes(
    events: readonly (EventRef & { readonly attributes: Readonly<Record<string, unknown>> })[],
    options?: CallOptions,
  ): Promise<MarkReport> {
    return await this.#mark(events, ATTRIBUTE_BATCH, async (batch) => {
      const wire = batch.map((event) => ({
        ...toWire(event),
        attributes: Object.entries(event.attributes).map(([attr_name, attr_value]) => ({
          attr_name,
          attr_value,
        })),
      }))
      const meta = readMeta(
        await this.#connection.post(`${this.#base}attributes/`, { events: wire }, options),
      )
      return { changed: readNumber(meta, 'events_modified'), errors: readTexts(meta, 'last_10_errors') }
    })
  }

  /** Writes into the events of an index which timeline they belong to; the server goes on with it after its answer. */
  async addTimelineId(indexId: number, timelineId: number, options?: CallOptions): Promise<void> {
    const body = { searchindex_id: indexId, timeline_id: timelineId }
    await this.#connection.post(`${this.#base}add_timeline_id/`, body, options)
  }

  async #annotate(
    events: readonly EventRef[],
    annotation: Readonly<Record<string, unknown>>,
    options: CallOptions | undefined,
  ): Promise<MarkReport> {
    return await this.#mark(events, ANNOTATE_BATCH, async (batch) => {
      const body = { ...annotation, events: batch.map(toWire) }
      const marks = readModels(await this.#connection.post(`${this.#base}annotate/`, body, options))
      return { changed: marks.length, errors: [] }
    })
  }

  async #turnStar(
    events: readonly EventRef[],
    isWanted: boolean,
    options: CallOptions | undefined,
  ): Promise<MarkReport> {
    const others: EventRef[] = []
    for (let at = 0; at < events.length; at += ANNOTATE_BATCH) {
      const batch = events.slice(at, at + ANNOTATE_BATCH)
      const starred = await this.#findStarred(batch, options)
      others.push(...batch.filter((event) => starred.has(toKey(event)) !== isWanted))
    }
    const report = await this.label(others, STAR_LABEL, options)
    return { ...report, given: events.length }
  }

  /** Which of these events have a star. */
  async #findStarred(
    events: readonly EventRef[],
    options: CallOptions | undefined,
  ): Promise<ReadonlySet<string>> {
    const ids = events.map(({ id }) => id)
    const question = { ...EMPTY_QUESTION, dsl: { query: { ids: { values: ids } } }, pageSize: MAX_PAGE_SIZE }
    const page = toPage(
      await this.#connection.ask(`${this.#sketch}explore/`, toSearchBody(question), options),
    )
    const starred = page.events.filter(({ fields }) => readTexts(fields, 'label').includes(STAR_LABEL))
    return new Set(starred.map(toKey))
  }

  async #mark<T extends EventRef>(
    events: readonly T[],
    batchSize: number,
    send: (batch: readonly T[]) => Promise<Omit<MarkReport, 'given'>>,
  ): Promise<MarkReport> {
    let changed = 0
    const errors: string[] = []
    for (let at = 0; at < events.length; at += batchSize) {
      const report = await send(events.slice(at, at + batchSize))
      changed += report.changed
      errors.push(...report.errors)
    }
    return { given: events.length, changed, errors }
  }
}

function toWire({ id, index }: EventRef): { _id: string; _index: string; _type: string } {
  return { _id: id, _index: index, _type: 'generic_event' }
}

function toKey({ id, index }: EventRef): string {
  return `${index}/${id}`
}

function firstComment(answer: ExactJson): EventComment {
  return toEventComment(readModels(answer)[0] ?? {})
}
