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
  for await (const { items } of poll.batches()) {
    const last = items.at(-1)
    yield { groups: [{ kind, records: items }], upTo: last === undefined ? undefined : readTime(last) }
  }
}

/** What has no order to go by: it is read up to the moment at which reading began, once it has ended. */
export async function* readWhole<Item>(
  kind: PlatformKind,
  pages: AsyncIterable<{ readonly items: readonly Item[] }>,
): AsyncGenerator<SourcePage> {
  const upTo = new Date().toISOString()
  for await (const { items } of pages) yield { groups: [{ kind, records: items }], upTo: undefined }
  yield { groups: [], upTo }
}
