import { startDeadline } from '../../transport/deadline.ts'
import { path } from '../../transport/path.ts'
import { waitMs } from '../../transport/wait.ts'
import { type Analysis, toAnalysis } from '../analyzers/analysis.ts'
import type { CallOptions } from '../connection/call-options.ts'
import type { Connection } from '../connection/connection.ts'
import { readMeta, readModels, readObject, readObjects } from '../wire/envelope.ts'
import { readFlag, readNumber, toTexts } from '../wire/record.ts'
import { type Timeline, toTimeline } from './timeline.ts'

/** A timeline with the number of its events. */
export interface TimelineDetail extends Timeline {
  /** Events stored; undefined while the server cannot say. */
  readonly eventCount: number | undefined
}

/** How often a timeline is asked whether it is ready. */
const POLL_MS = 1000

/** Timelines of a sketch. */
export class Timelines {
  readonly #connection: Connection
  readonly #base: string

  constructor(connection: Connection, sketchId: number) {
    this.#connection = connection
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
