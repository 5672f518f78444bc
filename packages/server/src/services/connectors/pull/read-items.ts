import type { PlatformKind } from '@timeskein/ingest/platforms'
import { stringifyExactJson } from '@timeskein/sdk'
import type { SourceGroup } from '../sources/platform-source.ts'
import { hashItem, toItemText } from './item-text.ts'
import type { BatchItem } from './pull-batch.ts'
import type { AsideItem } from './put-aside.ts'

/** Items of one sort by their ids, as texts. */
export interface ReadGroup {
  readonly kind: PlatformKind
  readonly items: ReadonlyMap<string, BatchItem>
}

/** What came, before it is known which of it is new. */
export interface ReadItems {
  readonly groups: readonly ReadGroup[]
  /** Items that have no id, or are none. */
  readonly aside: readonly AsideItem[]
  readonly count: number
}

/** Whether an item came both times. */
export function shareItems(one: ReadItems, other: ReadItems): boolean {
  return one.groups.some(({ kind, items }) => {
    const same = other.groups.find((group) => group.kind === kind)?.items
    return same !== undefined && [...same.keys()].some((id) => items.has(id))
  })
}

/** Makes texts of items as they come; of the same item twice the platform's later word counts. */
export class ItemReader {
  readonly #groups = new Map<PlatformKind, Map<string, BatchItem>>()
  readonly #aside: AsideItem[] = []
  #count = 0

  /** Items that came. */
  get count(): number {
    return this.#count
  }

  add({ kind, records }: SourceGroup): void {
    const items = this.#groups.get(kind) ?? new Map<string, BatchItem>()
    this.#groups.set(kind, items)
    for (const item of records) {
      this.#count++
      const one = readItem(kind, item)
      if ('reason' in one) this.#aside.push(one)
      else items.set(one.id, one)
    }
  }

  /** All of them; nothing is to be added then. */
  end(): ReadItems {
    const groups = [...this.#groups].map(([kind, items]) => ({ kind, items }))
    return { groups, aside: this.#aside, count: this.#count }
  }
}

/** An item with what it is known by; to be put aside where it has none. */
function readItem(kind: PlatformKind, item: unknown): BatchItem | AsideItem {
  try {
    const text = toItemText(item)
    if (!text) return { kind: kind.name, json: describe(item), reason: 'It is no object.' }
    const id = kind.identify(text.record)
    if (id === undefined)
      return { kind: kind.name, json: text.json, reason: `It has no id that one of ${kind.title} has.` }
    return { id, ...text, hash: hashItem(kind, text.record) }
  } catch (error) {
    return {
      kind: kind.name,
      json: describe(item),
      reason: `It could not be read: ${String(error)}`.slice(0, 500),
    }
  }
}

function describe(item: unknown): string {
  try {
    return stringifyExactJson(item)
  } catch (error) {
    // Nested deeper than the stack is: what came is no text any more.
    return JSON.stringify(`an item that cannot be written: ${String(error)}`)
  }
}
