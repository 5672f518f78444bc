import type { AlertDraft } from './alert-service.ts'

/** What is said to have found alerts that no engine of a platform found: hits of rules, and alerts of platforms without engines. */
export const DEFAULT_ENGINE = 'edr'

/** What found an alert and what it is about, as columns. */
export function toEngineColumns({
  engine = DEFAULT_ENGINE,
  targetId,
}: Pick<AlertDraft, 'engine' | 'targetId'>): {
  readonly engine: string | null
  readonly target_id: string | null
} {
  return { engine, target_id: targetId ?? null }
}
