import type { Search } from '@timeskein/sdk'
import type { Backend, Question } from '../../backend/backend.ts'
import { makeSearch } from '../../backend/timesketch/make-search.ts'
import { createTimesketchBackend } from '../../backend/timesketch/open-timesketch-backend.ts'
import { createRowReader } from '../../backend/timesketch/questions.ts'
import type { CommandCall } from '../../command.ts'
import type { Effects } from '../../effects.ts'
import { openTimesketch } from '../../timesketch/open-timesketch.ts'

/** Events of one answer of a scan. */
const SCAN_PAGE = 1000

/**
 * The place that the options name, as if it held no other events than those with a comment, a star or a tag. Timesketch finds the three
 * by three searches; an event that several of them find comes once.
 */
export async function openAnnotated(call: CommandCall, effects: Effects): Promise<Backend> {
  const access = await openTimesketch(call, effects)
  const { timesketch } = access
  const listSearches = async (question: Question): Promise<readonly Search[]> => {
    const all = await makeSearch(timesketch, question)
    return [all.commented(), all.starred(), all.withQuery(`(${all.question.query ?? '*'}) AND _exists_:tag`)]
  }
  return {
    ...createTimesketchBackend(timesketch, effects.signal),
    // At most so many: who has several marks is counted several times.
    async count(question) {
      const counts = (await listSearches(question)).map((search) => search.count({ signal: question.signal }))
      return { count: (await Promise.all(counts)).reduce((sum, count) => sum + count, 0), complete: true }
    },
    async *scan(question, { sort = 'asc' }) {
      const readRow = await createRowReader(timesketch, question)
      const seen = new Set<string>()
      for (const search of await listSearches(question)) {
        const pages = search.withFields('*').with({ order: sort }).withPageSize(SCAN_PAGE)
        for await (const { events } of pages.pages({ signal: question.signal })) {
          const fresh = events.filter(({ id }) => !seen.has(id))
          for (const { id } of fresh) seen.add(id)
          yield fresh.map(readRow)
        }
      }
    },
    [Symbol.asyncDispose]: () => access[Symbol.asyncDispose](),
  }
}
