import type { SearchIndex } from '../../../services/search-indexes/search-index-service.ts'
import { modelDate } from './dates.ts'
import { labelString } from './labels.ts'
import { marshalStatus } from './status.ts'
import { marshalUser } from './user.ts'

/** A search index record; one that nothing has come of yet has no status. */
export function marshalSearchIndex(index: SearchIndex): Record<string, unknown> {
  return {
    id: index.id,
    name: index.name,
    user: marshalUser(index.owner),
    description: index.description,
    index_name: index.indexName,
    status: index.status === 'new' ? [] : marshalStatus(index),
    label_string: labelString(index.labels),
    deleted: null,
    created_at: modelDate(index.createdAtMs),
    updated_at: modelDate(index.updatedAtMs),
  }
}
