import type { Client } from '../client.ts'
import type { CallOptions } from '../connection/call-options.ts'
import { readFlat, readMeta, readObject } from '../wire/envelope.ts'
import { readId, readNumber } from '../wire/record.ts'
import { Sketch } from './sketch.ts'
import { type SketchSummary, toSketchSummary } from './sketch-detail.ts'

/** Which sketches: one's own, those shared with one, both, lately searched, put away, found by a text, all (administrators). */
export type SketchScope = 'user' | 'shared' | 'all' | 'recent' | 'archived' | 'search' | 'admin'

/** Narrows a list of sketches. */
export interface SketchListOptions extends CallOptions {
  /** @default 'user' */
  readonly scope?: SketchScope | undefined
  /** A part of name or description, with the scope `search`. */
  readonly search?: string | undefined
  /** @default true */
  readonly includeArchived?: boolean | undefined
  /** For administrators. @default false */
  readonly includeDeleted?: boolean | undefined
  /** How many a server is asked for at once. @default 50 */
  readonly pageSize?: number | undefined
}

const DEFAULT_PAGE_SIZE = 50

/** Sketches of a server. */
export class Sketches {
  readonly #client: Client

  constructor(client: Client) {
    this.#client = client
  }

  /** Any number of them, the latest changed first; stopping early asks for no more. */
  async *list(options: SketchListOptions = {}): AsyncGenerator<SketchSummary> {
    for (let page = 1; page > 0; ) {
      const answer = await this.#client.connection.get('/sketches/', options, {
        scope: options.search === undefined ? (options.scope ?? 'user') : 'search',
        search_query: options.search,
        include_archived: options.includeArchived ?? true,
        include_deleted: options.includeDeleted,
        per_page: options.pageSize ?? DEFAULT_PAGE_SIZE,
        page,
      })
      for (const record of readFlat(answer)) yield toSketchSummary(record)
      const next = readNumber(readMeta(answer), 'next_page')
      page = next > page ? next : 0
    }
  }

  /** Those that one can read and that have this name, whole and exact; several may. */
  async *named(name: string, options: SketchListOptions = {}): AsyncGenerator<SketchSummary> {
    for await (const sketch of this.list({ ...options, search: name })) if (sketch.name === name) yield sketch
  }

  /** The first one of that name; undefined when there is none. */
  async find(name: string, options?: CallOptions): Promise<SketchSummary | undefined> {
    for await (const sketch of this.named(name, options)) return sketch
    return undefined
  }

  /** @param sketch.description - @default its name */
  async create(sketch: { name: string; description?: string }, options?: CallOptions): Promise<Sketch> {
    if (sketch.name === '') throw new TypeError('a sketch needs a name, found an empty one')
    const body = { name: sketch.name, description: sketch.description ?? sketch.name }
    const created = readObject(await this.#client.connection.post('/sketches/', body, options))
    return new Sketch(this.#client, readId(created))
  }

  /** The sketch of that id, without asking for it. */
  open(id: number): Sketch {
    return new Sketch(this.#client, id)
  }
}
