import type { SekoiaRule } from '@timeskein/model/sekoia'
import { findAlertType, makeNameUuid, USUAL_ALERT_TYPE } from '../../../services/alert-words/alert-types.ts'
import { nameRuleKind } from '../../../services/alert-words/describe-alert.ts'
import type { CatalogueRule } from '../../../services/rule-catalogue/rule-catalogue-service.ts'
import { tellAuthor, writeTime } from './authorship.ts'

/** What a draft of the API has beyond what the library knows. */
export type KeptRuleMembers = Partial<
  Pick<
    SekoiaRule,
    | 'type'
    | 'effort'
    | 'alert_type_uuid'
    | 'event_fields'
    | 'parameters'
    | 'related_object_refs'
    | 'similarity_strategy'
    | 'all_entities'
    | 'all_assets'
    | 'assets'
    | 'goal'
    | 'false_positives'
    | 'available_for_subcommunities'
  >
> & { readonly datasources?: readonly string[]; readonly entities?: readonly string[] }

/** A rule of the library in the API's words. */
export function toSekoiaRule(
  { rule, payload, severity, tags, details }: CatalogueRule,
  community: string,
): SekoiaRule {
  // What is kept is what a draft of the API said, which its schema let through.
  const kept = details as KeptRuleMembers
  const { by, type } = tellAuthor(rule.owner?.id)
  const alertType = findAlertType(kept.alert_type_uuid ?? USUAL_ALERT_TYPE)
  const reference = (uuid: string): { uuid: string; name: string } => ({ uuid, name: uuid })
  return {
    uuid: rule.uuid,
    instance_uuid: makeNameUuid(`instance ${rule.uuid}`),
    community_uuid: community,
    name: rule.title,
    type: nameRuleKind({ rule, details }),
    description: rule.description,
    payload,
    severity,
    effort: kept.effort ?? 2,
    enabled: rule.isEnabled,
    alert_type_uuid: alertType.uuid,
    alert_type: {
      uuid: alertType.uuid,
      category_uuid: alertType.categoryUuid,
      value: alertType.value,
      detail: '',
      description: '',
    },
    alert_category: { uuid: alertType.categoryUuid, name: alertType.category },
    tags: tags.map((name) => ({ uuid: makeNameUuid(`tag ${name}`), name })),
    datasources: (kept.datasources ?? []).map(reference),
    event_fields: kept.event_fields ?? [],
    parameters: kept.parameters ?? [],
    related_object_refs: kept.related_object_refs ?? [],
    similarity_strategy: kept.similarity_strategy ?? [],
    all_entities: kept.all_entities ?? true,
    entities: (kept.entities ?? []).map(reference),
    all_assets: kept.all_assets ?? true,
    assets: kept.assets ?? [],
    goal: kept.goal ?? '',
    false_positives: kept.false_positives ?? '',
    references: '',
    private: rule.origin !== 'starter',
    is_private: rule.origin !== 'starter',
    verified: rule.origin === 'starter',
    source: rule.origin === 'starter' ? 'starter' : 'custom',
    available_for_subcommunities: kept.available_for_subcommunities ?? false,
    last_compilation_success: rule.problem === undefined,
    last_compilation_message: rule.problem?.reason ?? '',
    last_compilation_at: writeTime(rule.updatedAtMs),
    created_at: writeTime(rule.createdAtMs),
    created_by: by,
    created_by_type: type,
    updated_at: writeTime(rule.updatedAtMs),
    updated_by: by,
    updated_by_type: type,
  }
}
