import type { SearchTemplate } from '../../../services/search-templates/search-template-service.ts'
import type { SavedSearch } from '../../../services/searches/saved-search-service.ts'
import { marshalSearchTemplate } from './case/search-template.ts'
import { httpDate, modelDate } from './dates.ts'
import { pythonJson } from './python-json.ts'
import { marshalUser } from './user.ts'

/** Filter keys that the client counts on, with what stands for those a saved filter lacks. */
const FILTER_DEFAULTS = {
  from: 0,
  size: 40,
  terminate_after: 40,
  indices: [],
  exclude: [],
  order: 'asc',
  chips: [],
}

/** A saved search (Timesketch's word: view). */
export function marshalView(view: SavedSearch, template?: SearchTemplate): Record<string, unknown> {
  return {
    id: view.id,
    name: view.name,
    description: view.description || null,
    user: marshalUser(view.owner),
    query_string: view.queryString,
    query_filter: view.filterJson,
    query_dsl: view.dslJson,
    searchtemplate: marshalSearchTemplate(template),
    created_at: modelDate(view.createdAtMs),
    updated_at: modelDate(view.updatedAtMs),
  }
}

/** The same with every filter key that the client counts on. */
export function marshalFullView(view: SavedSearch, template?: SearchTemplate): Record<string, unknown> {
  const own = readFilter(view.filterJson)
  const filter = { ...own, ...FILTER_DEFAULTS, ...own }
  return { ...marshalView(view, template), query_filter: pythonJson(filter) }
}

/** A line of `meta.views` of a sketch. */
export function marshalViewLine(view: SavedSearch): Record<string, unknown> {
  return {
    name: view.name,
    description: view.description || null,
    id: view.id,
    query: view.queryString,
    filter: view.filterJson,
    user: view.owner?.username ?? 'System',
    created_at: httpDate(view.createdAtMs),
    updated_at: httpDate(view.updatedAtMs),
  }
}

/** A filter as it was stored; empty when there is none. */
export function readFilter(filterJson: string): Record<string, unknown> {
  if (filterJson === '') return {}
  try {
    const value: unknown = JSON.parse(filterJson)
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {}
  } catch {
    // Another dialect may have saved something that is no filter of ours; then there is no filter.
    return {}
  }
}
