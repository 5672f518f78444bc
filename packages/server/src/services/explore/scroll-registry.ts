import type { Cursor } from '@timeskein/store'
import { makeSecret } from '../../auth/secret.ts'
import { type ExploreRequest, MAX_OPEN_SCROLLS, SCROLL_TTL_MS } from './explore-service.ts'

/** Where a scroll stands. */
export interface Scroll {
  readonly userId: number
  readonly request: ExploreRequest
  readonly after: Cursor
  /** What the first page counted; later pages repeat it. */
  readonly total: number
  /** The last page was given: from here on every page is empty (clients ask until one is). */
  readonly isEnded?: boolean
}

/** Scrolls that are open: a minute each since their last page, a bounded number of them. */
export class ScrollRegistry {
  readonly #scrolls = new Map<string, { scroll: Scroll; expiresAtMs: number }>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  /** Keeps a place. Returns its new id. */
  open(scroll: Scroll): string {
    this.#dropExpired()
    if (this.#scrolls.size >= MAX_OPEN_SCROLLS) this.#scrolls.delete(this.#scrolls.keys().next().value ?? '')
    const id = makeSecret()
    this.#put(id, scroll)
    return id
  }

  /** A scroll that is still open. */
  find(id: string): Scroll | undefined {
    const entry = this.#scrolls.get(id)
    return entry && entry.expiresAtMs > this.#now() ? entry.scroll : undefined
  }

  /** Moves a scroll on. */
  advance(id: string, scroll: Scroll): void {
    this.#scrolls.delete(id)
    this.#put(id, scroll)
  }

  close(id: string): void {
    this.#scrolls.delete(id)
  }

  #put(id: string, scroll: Scroll): void {
    this.#scrolls.set(id, { scroll, expiresAtMs: this.#now() + SCROLL_TTL_MS })
  }

  #dropExpired(): void {
    for (const [id, entry] of this.#scrolls) {
      // In order of last use: the first one that lives ends the search.
      if (entry.expiresAtMs > this.#now()) return
      this.#scrolls.delete(id)
    }
  }
}
