import type { AuditEntry } from '../../../services/audit/audit-service.ts'

const CRUD: readonly (readonly [crud: string, verbs: RegExp])[] = [
  ['create', /^(?:create|add|make|store|invite|upload|enrol|issue)/],
  ['delete', /^(?:delete|remove|revoke|unsuppress|disable)/],
  ['read', /^(?:read|search|list|export|explain|count|get|view|query)/],
]

/** What kind of thing an act was done to, how the act is called, and which of create, read, update and delete it is. */
export function describeAct({ action }: Pick<AuditEntry, 'action'>): {
  readonly type: string
  readonly action: string
  readonly crud: string
} {
  const [type = action, verb = action] = action.split('.')
  return { type, action: verb, crud: CRUD.find(([, verbs]) => verbs.test(verb))?.[0] ?? 'update' }
}
