import { invalid } from '../../../errors/domain-error.ts'
import type { FoundPage, WantedPage } from './list-route.ts'

/** A page of a list that is at hand whole; the place is how many came before. */
export function sliceList(items: readonly unknown[], { limit, after }: WantedPage): FoundPage {
  const start = Number(after ?? 0)
  if (!Number.isSafeInteger(start) || start < 0) throw invalid('bad-anchor', 'anchor: none of this list.')
  const end = start + limit
  return { items: items.slice(start, end), next: end < items.length ? String(end) : undefined }
}
