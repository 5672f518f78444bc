import { isQueryError } from '@timeskein/query'
import { isDomainError } from '../../../errors/domain-error.ts'
import type { UserCall } from '../../../http/app-types.ts'
import type { SavedSearch } from '../../../services/searches/saved-search-service.ts'
import { readFilter } from '../wire/saved-search.ts'
import { type Question, readQuestion } from './question.ts'

/** What a saved search asks; undefined when it cannot be read any more. */
export async function readSavedQuery(
  call: UserCall,
  sketchId: number,
  view: Pick<SavedSearch, 'queryString' | 'filterJson' | 'dslJson'>,
): Promise<Question | undefined> {
  const body = { query: view.queryString, filter: readFilter(view.filterJson), dsl: view.dslJson }
  try {
    return await readQuestion(call, sketchId, body)
  } catch (error) {
    if (isQueryError(error) || (isDomainError(error) && error.kind === 'invalid')) return undefined
    throw error
  }
}
