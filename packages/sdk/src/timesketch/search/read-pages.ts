import type { CallOptions } from '../connection/call-options.ts'
import type { Connection } from '../connection/connection.ts'
import { type SearchPage, toPage } from './page.ts'
import { type SearchQuestion, toSearchBody } from './question.ts'

/**
 * The answers of a search, one after the other, by scrolling where one is not enough. While a page is worked on, the next one is
 * fetched, and no more than that. Stopping early, and aborting, ends the request under way.
 *
 * A page that is asked for by scrolling is never asked for twice: the server's cursor has moved on.
 */
export async function* readPages(
  connection: Connection,
  place: string,
  question: SearchQuestion,
  options: CallOptions = {},
): AsyncGenerator<SearchPage> {
  const limit = question.limit ?? Number.POSITIVE_INFINITY
  if (limit <= 0) return
  const stop = new AbortController()
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal
  const body = { ...toSearchBody(question), enable_scroll: limit > question.pageSize }
  const fetchPage = async (scrollId: string | undefined): Promise<SearchPage> => {
    const json = scrollId === undefined ? body : { ...body, scroll_id: scrollId }
    const request = { method: 'POST', path: place, json, isQuestion: scrollId === undefined } as const
    return toPage(await connection.json(request, { ...options, signal }))
  }
  let count = 0
  let scrollId: string | undefined
  let pending: Promise<SearchPage> | undefined = fetchPage(undefined)
  try {
    while (pending) {
      const page = await pending
      pending = undefined
      if (page.events.length === 0 && count > 0) return
      // A server may give a cursor once, and go on with it.
      scrollId = page.scrollId ?? scrollId
      const events = page.events.slice(0, limit - count)
      count += events.length
      const isLast =
        count >= limit || page.events.length === 0 || count >= page.total || scrollId === undefined
      if (!isLast) {
        pending = fetchPage(scrollId)
        // It is awaited when the reader comes back; until then its failure is nobody's.
        pending.catch(() => {})
      }
      yield { ...page, events }
    }
  } finally {
    stop.abort()
  }
}
