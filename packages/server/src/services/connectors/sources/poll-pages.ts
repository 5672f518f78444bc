import type { PlatformKind } from '@timeskein/ingest/platforms'
import type { Poll } from '@timeskein/sdk'
import type { SourcePage } from './platform-source.ts'

/** A look of a poll that begins anew: which items are known is known here. */
export const ONE_LOOK = { once: true, overlap: '0s' } as const

/** The batches of a poll that brings the oldest first. @param readTime - Of an item, ISO 8601. */
export async function* readPoll<Item>(
  kind: PlatformKind,
  poll: Poll<Item>,
  readTime: (item: Item) => string | undefined,
): AsyncGenerator<SourcePage> {
  for await (const { items } of poll.batches())
    yield { groups: [{ kind, records: items }], upTo: findLast(items, readTime) }
}

/** The time of the last item that has one. */
function findLast<Item>(
  items: readonly Item[],
  readTime: (item: Item) => string | undefined,
): string | undefined {
  const last = items.findLast((item) => item !== null && !Number.isNaN(Date.parse(readTime(item) ?? '')))
  return last && readTime(last)
}

/** What has no times to go by. */
export async function* readWhole<Item>(
  kind: PlatformKind,
  pages: AsyncIterable<{ readonly items: readonly Item[] }>,
): AsyncGenerator<SourcePage> {
  for await (const { items } of pages) yield { groups: [{ kind, records: items }], upTo: undefined }
}
