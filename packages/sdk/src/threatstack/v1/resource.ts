import { Listing } from '../../paging/listing.ts'
import { type TimeInput, toTimestamp } from '../../paging/time-input.ts'
import type { ExactJson } from '../../transport/exact-json.ts'
import { path } from '../../transport/path.ts'
import type { QueryValues } from '../../transport/transport.ts'
import type { CallOptions } from '../call-options.ts'
import type { Connection, ThreatStackRequest } from '../connection.ts'

/** The most that the platform gives in one page. */
const MAX_COUNT = 100

/** Which items, and what of them. */
export interface ListOptions<Field extends string = string> extends CallOptions {
  /** From when on; the platform's default is a week ago. A day alone is its beginning. */
  readonly start?: TimeInput | undefined
  /** Until when; the platform's default is now. A day alone is its end. */
  readonly end?: TimeInput | undefined
  /** This page alone, from 0. @default all pages, one after the other */
  readonly page?: number | undefined
  /** Items of one page, at most 100. @default 100; with `page` 20, as the platform's */
  readonly count?: number | undefined
  /** These members only. @default all */
  readonly fields?: readonly Field[] | undefined
}

/** How one item is asked for. */
export interface GetOptions<Field extends string = string> extends CallOptions {
  /** These members only. @default all */
  readonly fields?: readonly Field[] | undefined
}

/** Items of a kind that are listed by page. @typeParam Detail - What an item by itself tells. */
export class Resource<Item extends object, Detail extends object = Item> {
  readonly #connection: Connection
  readonly #name: string

  constructor(connection: Connection, name: string) {
    this.#connection = connection
    this.#name = name
  }

  /**
   * All items of a stretch of time, or one page of them. Nothing is sent before the first is asked for.
   *
   * @example
   * for await (const agent of client.agents.list({ fields: ['hostname', 'ip_address'] })) console.log(agent.hostname)
   */
  list<Field extends keyof Item & string = keyof Item & string>(
    options: ListOptions<Field> = {},
  ): Listing<Pick<Item, Field>, number> {
    return this.listWith(options, {})
  }

  /** @internal As `list`, with more parameters. */
  protected listWith<Field extends string>(
    options: ListOptions<Field>,
    more: QueryValues,
  ): Listing<Pick<Item, Field & keyof Item>, number> {
    const { page, start, end, signal } = options
    // Read once, so that the pages of one walk are of one stretch.
    const query: QueryValues = {
      count: options.count ?? (page === undefined ? MAX_COUNT : undefined),
      start: start === undefined ? undefined : toTime(start),
      end: end === undefined ? undefined : toTime(end),
      fields: joinFields(options.fields),
      ...more,
    }
    return new Listing(`GET /${this.#name}`, async (cursor = 0) => {
      const asked: ThreatStackRequest = {
        method: 'GET',
        path: path`/${this.#name}`,
        query: { ...query, page: page ?? cursor },
      }
      const answer = await this.#connection.send<ExactJson>(asked, { signal })
      const items = this.#connection.readList<Pick<Item, Field & keyof Item>>(asked, answer)
      return { items, next: page === undefined && items.length > 0 ? cursor + 1 : undefined }
    })
  }

  /**
   * One item; undefined where there is none.
   *
   * @param options.ifMissing - `empty`: an object without members instead of undefined, as the vendor's Python client answers.
   */
  get<Field extends keyof Detail & string = keyof Detail & string>(
    id: string,
    options: GetOptions<Field> & { readonly ifMissing: 'empty' },
  ): Promise<Partial<Pick<Detail, Field>>>
  get<Field extends keyof Detail & string = keyof Detail & string>(
    id: string,
    options?: GetOptions<Field>,
  ): Promise<Pick<Detail, Field> | undefined>
  async get(
    id: string,
    { fields, ifMissing, signal }: GetOptions & { readonly ifMissing?: 'empty' } = {},
  ): Promise<unknown> {
    const found = await this.#connection.find(
      { method: 'GET', path: path`/${this.#name}/${id}`, query: { fields: joinFields(fields) } },
      { signal },
    )
    return found ?? (ifMissing === 'empty' ? {} : undefined)
  }
}

/** One value with commas: the form that the vendor documents. */
export function joinFields(fields: readonly string[] | undefined): string | undefined {
  return fields === undefined || fields.length === 0 ? undefined : fields.join(',')
}

/** A day alone stays one: the platform takes it whole. */
function toTime(input: TimeInput): string {
  return typeof input === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(input) ? input : toTimestamp(input)
}
