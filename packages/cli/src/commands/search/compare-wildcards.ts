import { isApiError, type Search, type SearchPage } from '@timeskein/sdk'

/** What one way of searching has found. */
interface Found {
  readonly took_ms: number
  readonly total_hits: number
  readonly event_ids: readonly string[]
  /** Why it found nothing; null when it worked. */
  readonly error: string | null
}

/** What a search finds by words and by wildcards, with the names that Timesketch's own command prints. */
export interface WildcardComparison {
  readonly standard_search: Found
  readonly wildcard_search: Found
  readonly diff: {
    readonly only_in_wildcard: readonly string[]
    readonly only_in_standard: readonly string[]
  }
}

/** Asks the first page of a search in both ways. */
export async function compareWildcards(
  search: Search,
  options: { readonly signal: AbortSignal },
): Promise<WildcardComparison> {
  const standard = await ask(search.withWildcards(false), options)
  const wildcard = await ask(search.withWildcards(), options)
  const missingIn = (found: Found, other: Found): readonly string[] => {
    const there = new Set(other.event_ids)
    return found.event_ids.filter((id) => !there.has(id))
  }
  return {
    standard_search: standard,
    wildcard_search: wildcard,
    diff: {
      only_in_wildcard: missingIn(wildcard, standard),
      only_in_standard: missingIn(standard, wildcard),
    },
  }
}

// A query of wildcards need not be one of words: that it cannot be read is a result.
async function ask(search: Search, options: { readonly signal: AbortSignal }): Promise<Found> {
  let page: SearchPage
  try {
    page = await search.firstPage(options)
  } catch (error) {
    if (!isApiError(error) || error.status !== 400) throw error
    return { took_ms: 0, total_hits: 0, event_ids: [], error: error.message }
  }
  return {
    took_ms: page.tookMs,
    total_hits: page.exactTotal || page.total,
    event_ids: page.events.map(({ id }) => id),
    error: null,
  }
}
