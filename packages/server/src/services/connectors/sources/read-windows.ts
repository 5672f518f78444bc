import type { PlatformKind } from '@timeskein/ingest/platforms'
import { readRisingWindows, type WindowPlan } from '@timeskein/sdk'
import type { SourcePage } from './platform-source.ts'

/** A list that gives the newest first, window after window from the oldest. */
export async function* readWindows<Item>(
  kind: PlatformKind,
  plan: WindowPlan<Item>,
): AsyncGenerator<SourcePage> {
  for await (const { items, reached } of readRisingWindows(plan)) {
    if (items.length > 0) yield { groups: [{ kind, records: items }], upTo: undefined }
    else if (reached !== undefined) yield { groups: [], upTo: reached }
  }
}
