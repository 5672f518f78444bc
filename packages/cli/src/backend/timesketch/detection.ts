import type { DetectionCalls, FindingCalls } from '../detection-calls.ts'
import { refuse } from './refuse.ts'

/** Timesketch has Sigma rules and an analyzer for them, and no alerts: none of it is as ours. */
export function createDetectionCalls(): DetectionCalls {
  const refuseAll = async (): Promise<never> => refuse('Rules are not run, and there are no alerts,')
  const findings: FindingCalls<never, never> = {
    list: refuseAll,
    get: refuseAll,
    decide: refuseAll,
    comment: refuseAll,
  }
  return {
    rules: { add: refuseAll, list: refuseAll, get: refuseAll, setEnabled: refuseAll, remove: refuseAll },
    policies: { list: refuseAll, create: refuseAll, update: refuseAll, delete: refuseAll },
    suppressions: { list: refuseAll, add: refuseAll, remove: refuseAll },
    alerts: findings,
    incidents: findings,
    detect: refuseAll,
    isLive: refuseAll,
    setLive: refuseAll,
    looksInProcess: false,
    waitForDetection: async () => undefined,
  }
}
