import type { SearchTemplate } from '../../../../services/search-templates/search-template-service.ts'
import { modelDate } from '../dates.ts'
import { marshalUser } from '../user.ts'

/** A search template; all members null when there is none. */
export function marshalSearchTemplate(template: SearchTemplate | undefined): Record<string, unknown> {
  return {
    id: template?.id ?? 0,
    name: template?.name ?? null,
    description: template ? template.description || null : null,
    short_name: template ? template.shortName || null : null,
    user: marshalUser(template?.owner),
    query_string: template?.queryString ?? null,
    query_filter: template?.filterJson ?? null,
    query_dsl: template?.dslJson ?? null,
    template_uuid: template?.uuid ?? null,
    template_json: template ? template.templateJson || null : null,
    created_at: template ? modelDate(template.createdAtMs) : null,
    updated_at: template ? modelDate(template.updatedAtMs) : null,
  }
}
