import { invalid } from '../../../errors/domain-error.ts'
import type { FoundPage, WantedPage } from './list-route.ts'

/** A page of a list that is at hand whole; the place is how many came before. */
export function sliceList(items: readonly unknown[], { limit, after }: WantedPage): FoundPage {
  const start = readNumberPlace(after) ?? 0
  const end = start + limit
  return { items: items.slice(start, end), next: end < items.length ? String(end) : undefined }
}

/** A place that is a number; undefined for the beginning. @throws {DomainError} `invalid` (`bad-anchor`). */
export function readNumberPlace(after: string | undefined): number | undefined {
  if (after === undefined) return undefined
  if (!/^\d{1,15}$/.test(after)) throw invalid('bad-anchor', 'anchor: none of this list.')
  return Number(after)
}
