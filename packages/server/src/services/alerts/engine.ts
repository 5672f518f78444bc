import type { AlertDraft } from './alert-service.ts'

/** The engine of alerts that none of WithSecure Elements' engines found: hits of rules, and alerts of other platforms. */
export const DEFAULT_ENGINE = 'edr'

/**
 * Which engine of WithSecure Elements an alert counts as, and the platform's id of what it is about. What Elements calls a detection
 * has no engine: it belongs to its incident.
 */
export function describeEngine({ source, details = {} }: Pick<AlertDraft, 'source' | 'details'>): {
  readonly engine: string | null
  readonly target_id: string | null
} {
  if (source !== 'elements') return { engine: DEFAULT_ENGINE, target_id: null }
  const { engine, detectionId, target, device } = details
  return {
    engine:
      detectionId !== undefined
        ? null
        : typeof engine === 'string' && engine !== ''
          ? engine
          : DEFAULT_ENGINE,
    target_id: readId(target) ?? readId(device) ?? null,
  }
}

function readId(named: unknown): string | undefined {
  if (typeof named !== 'object' || named === null || !('id' in named)) return undefined
  return typeof named.id === 'string' ? named.id : undefined
}
