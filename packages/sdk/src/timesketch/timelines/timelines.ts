import { startDeadline } from '../../transport/deadline.ts'
import { path } from '../../transport/path.ts'
import { waitMs } from '../../transport/wait.ts'
import { type Analysis, toAnalysis } from '../analyzers/analysis.ts'
import type { CallOptions } from '../connection/call-options.ts'
import type { Connection } from '../connection/connection.ts'
import { Events } from '../events/events.ts'
import { SearchIndices } from '../indices/search-indices.ts'
import { readMeta, readModels, readObject, readObjects } from '../wire/envelope.ts'
import { readFlag, readNumber, toTexts } from '../wire/record.ts'
import { DataSources } from './data-sources.ts'
import { type Timeline, toTimeline } from './timeline.ts'

/** A timeline with the number of its events. */
export interface TimelineDetail extends Timeline {
  /** Events stored; undefined while the server cannot say. */
  readonly eventCount: number | undefined
}

/** Fields that every event has. */
const NEEDED_FIELDS = ['timestamp', 'datetime', 'message'] as const

/** How often a timeline is asked whether it is ready. */
const POLL_MS = 1000

/** Timelines of a sketch. */
export class Timelines {
  readonly #connection: Connection
  readonly #sketchId: number
  readonly #base: string

  constructor(connection: Connection, sketchId: number) {
    this.#connection = connection
    this.#sketchId = sketchId
    this.#base = path`/sketches/${sketchId}/timelines/`
  }

  async list(options?: CallOptions): Promise<readonly Timeline[]> {
    return readModels(await this.#connection.get(this.#base, options)).map(toTimeline)
  }

  async get(id: number, options?: CallOptions): Promise<TimelineDetail> {
    const answer = await this.#connection.get(this.#base + path`${id}/`, options)
    const meta = readMeta(answer)
    const isCounted = typeof meta['lines_indexed'] === 'number'
    return {
      ...toTimeline(readObject(answer)),
      eventCount: isCounted ? readNumber(meta, 'lines_indexed') : undefined,
    }
  }

  /** The first one of that name; undefined when there is none. */
  async find(name: string, options?: CallOptions): Promise<Timeline | undefined> {
    return (await this.list(options)).find((timeline) => timeline.name === name)
  }

  /** Shows an index in the sketch. One that is there already is given back as it is. */
  async create(
    timeline: { indexId: number; name: string },
    options?: CallOptions,
  ): Promise<Timeline & { readonly isNew: boolean }> {
    const body = { timeline: timeline.indexId, timeline_name: timeline.name }
    const answer = await this.#connection.post(this.#base, body, options)
    return { ...toTimeline(readObject(answer)), isNew: readFlag(readMeta(answer), 'created') }
  }

  /**
   * Makes a timeline of an index that lies in the datastore already: makes the index known, shows it in the sketch, and writes into
   * its events which timeline they belong to.
   *
   * @throws {TypeError} When the index is known already, or its events lack what every event needs; it has status `fail` then.
   */
  async createFromIndex(
    index: {
      indexName: string
      name: string
      description?: string
      provider?: string
      context?: string
      dataLabel?: string
    },
    options?: CallOptions,
  ): Promise<Timeline> {
    const indices = new SearchIndices(this.#connection)
    const { indexName, name } = index
    if ((await indices.list(options)).some((known) => known.indexName === indexName))
      throw new TypeError(`the index ${indexName} is known already: show it with create`)
    const { id } = await indices.create({ name, indexName }, options)
    const { fields } = await indices.get(id, options)
    const missing = NEEDED_FIELDS.filter((field) => !fields.includes(field))
    if (missing.length > 0) {
      await indices.update(id, { status: 'fail' }, options)
      throw new TypeError(`the events of ${indexName} have no ${missing.join(', ')}`)
    }
    const { description } = index
    await indices.update(
      id,
      { status: 'ready', ...(description === undefined ? {} : { description }) },
      options,
    )
    const timeline = await this.create({ indexId: id, name }, options)
    await new Events(this.#connection, this.#sketchId).addTimelineId(id, timeline.id, options)
    const {
      provider = 'Manually added to OpenSearch',
      context = 'Added via API client',
      dataLabel = 'OpenSearch',
    } = index
    const source = { timelineId: timeline.id, provider, context, dataLabel }
    await new DataSources(this.#connection, this.#sketchId).create(source, options)
    return timeline
  }

  /** What is not named stays; the server wants all three, so the others are read first. */
  async update(
    id: number,
    change: { name?: string; description?: string; color?: string },
    options?: CallOptions,
  ): Promise<void> {
    const { name, description, color } = await this.get(id, options)
    await this.#connection.post(this.#base + path`${id}/`, { name, description, color, ...change }, options)
  }

  async addLabels(id: number, labels: readonly string[], options?: CallOptions): Promise<void> {
    await this.#changeLabels(id, labels, 'add', options)
  }

  async removeLabels(id: number, labels: readonly string[], options?: CallOptions): Promise<void> {
    await this.#changeLabels(id, labels, 'remove', options)
  }

  async delete(id: number, options?: CallOptions): Promise<void> {
    await this.#connection.delete(this.#base + path`${id}/`, options)
  }

  /** Names of the fields its events have. */
  async fields(id: number, options?: CallOptions): Promise<readonly string[]> {
    return toTexts(readObjects(await this.#connection.get(this.#base + path`${id}/fields/`, options)))
  }

  /** What analyzers have found in it. */
  async analyses(id: number, options?: CallOptions): Promise<readonly Analysis[]> {
    return readModels(await this.#connection.get(this.#base + path`${id}/analysis/`, options)).map(toAnalysis)
  }

  /**
   * Waits until a timeline is no longer processing, and gives it as it is then: `ready`, `fail` …
   *
   * @param options.timeoutMs - Of the whole wait. @default no limit
   */
  async waitUntilReady(id: number, options: CallOptions = {}): Promise<TimelineDetail> {
    const what = `wait for timeline ${id}`
    using deadline = startDeadline(what, options.timeoutMs ?? Number.POSITIVE_INFINITY, options.signal)
    for (;;) {
      const timeline = await this.get(id, { signal: deadline.signal })
      if (timeline.status !== 'processing' && timeline.status !== 'new') return timeline
      await waitMs(POLL_MS, deadline.signal)
    }
  }

  async #changeLabels(
    id: number,
    labels: readonly string[],
    action: 'add' | 'remove',
    options: CallOptions | undefined,
  ): Promise<void> {
    const { name, color } = await this.get(id, options)
    const body = { name, color, labels: JSON.stringify(labels), label_action: action }
    await this.#connection.post(this.#base + path`${id}/`, body, options)
  }
}
