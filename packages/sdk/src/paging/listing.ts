import { AnswerError } from '../errors/answer-error.ts'

/** One page of a list. */
export interface Page<Item, Cursor = string> {
  readonly items: readonly Item[]
  /** What gives the next page; undefined on the last one. */
  readonly next: Cursor | undefined
  /** All that answer; undefined where the platform does not count them. */
  readonly total?: number | undefined
}

/** Asks for a page. @param cursor - `next` of the page before; undefined for the first. */
export type ReadPage<Item, Cursor = string> = (cursor: Cursor | undefined) => Promise<Page<Item, Cursor>>

/**
 * A list that is asked for page by page, as far as it is walked: nothing is sent before, and stopping early stops the asking. It
 * can be walked several times, and is asked for anew each time.
 *
 * @example
 * for await (const device of elements.devices.list({ online: true })) console.log(device.name)
 * for await (const page of elements.devices.list().pages()) console.log(page.items.length)
 */
export class Listing<Item, Cursor = string> implements AsyncIterable<Item> {
  readonly #what: string
  readonly #readPage: ReadPage<Item, Cursor>
  readonly #start: Cursor | undefined

  /**
   * @param what - What is listed, for errors: method and path.
   * @param start - Where to go on; undefined for the beginning.
   */
  constructor(what: string, readPage: ReadPage<Item, Cursor>, start?: Cursor) {
    this.#what = what
    this.#readPage = readPage
    this.#start = start
  }

  /** Item by item. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    for await (const page of this.pages()) yield* page.items
  }

  /**
   * Page by page; there is at least one, which may be empty.
   *
   * @throws {AnswerError} When a page names itself as the next one, which would never end.
   */
  async *pages(): AsyncGenerator<Page<Item, Cursor>, void, undefined> {
    for (let cursor = this.#start; ; ) {
      const page = await this.#readPage(cursor)
      yield page
      if (page.next === undefined) return
      if (page.next === cursor)
        throw new AnswerError(this.#what, 'another page after this one', 'the same page once more')
      cursor = page.next
    }
  }

  /** The first page only. */
  firstPage(): Promise<Page<Item, Cursor>> {
    return this.#readPage(this.#start)
  }

  /** The first item; undefined where there is none. Asks for one page more only where a page is empty. */
  async first(): Promise<Item | undefined> {
    for await (const item of this) return item
    return undefined
  }

  /** All items, or the first ones. @param options.limit - @default all */
  async toArray(options: { readonly limit?: number | undefined } = {}): Promise<Item[]> {
    const { limit = Infinity } = options
    const items: Item[] = []
    if (limit <= 0) return items
    for await (const item of this) {
      items.push(item)
      if (items.length >= limit) break
    }
    return items
  }
}
