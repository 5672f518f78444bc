/** Lists that somebody goes through; the one that was asked for longest ago gives way. */
const MAX_LISTS = 1000
/** How long a place is good for. */
const KEPT_MS = 300_000

/** Where a page of a list begins. */
export interface PagePlace {
  /** Row id of the last item of the page before. */
  readonly after?: number
  /** Items to pass over from there. */
  readonly offset: number
}

/**
 * Where lists went on whose pages are asked for by number. Whoever goes from page to page is answered from where the last one ended:
 * it costs the same however late the page is, and nothing is left out or told twice because something else came or went meanwhile.
 */
export class PagePlaces {
  readonly #now: () => number
  readonly #lists = new Map<
    string,
    { readonly offset: number; readonly after: number; readonly atMs: number }
  >()

  /** @param now - Milliseconds. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** @param list - Who asks, and what for, without the page. @param offset - Items before the page. */
  find(list: string, offset: number): PagePlace {
    const known = this.#lists.get(list)
    if (!known || known.offset > offset || this.#now() - known.atMs > KEPT_MS) return { offset }
    return { after: known.after, offset: offset - known.offset }
  }

  /** Notes where a list goes on. @param after - Row id of the item before `offset`. */
  note(list: string, offset: number, after: number): void {
    this.#lists.delete(list)
    this.#lists.set(list, { offset, after, atMs: this.#now() })
    if (this.#lists.size > MAX_LISTS) this.#lists.delete(this.#lists.keys().next().value ?? '')
  }
}
