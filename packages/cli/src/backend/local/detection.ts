import {
  prepareSelection,
  readApiAlert,
  readApiIncident,
  readApiRule,
  readDecision,
  readFindingWish,
  readNewSuppression,
  readPolicyChange,
  toApiAlert,
  toApiIncident,
  toApiPolicy,
  toApiRule,
  toApiRuleAdditions,
  toApiSuppression,
} from '@timeskein/server'
import type { DetectionCalls } from '../detection-calls.ts'
import { readFindingPages } from '../read-finding-pages.ts'
import type { LocalPlace } from './open-local-backend.ts'

/** Detection in a data directory. */
export function createDetectionCalls({ services, principal }: LocalPlace): DetectionCalls {
  const { rules, policies, alerts, incidents, detections } = services
  return {
    rules: {
      add: async (files, signal) => toApiRuleAdditions(await rules.add(principal, files, { signal })),
      list: async ({ enabled, ...filter }) =>
        (
          await rules.list(principal, {
            withPipelines: true,
            ...filter,
            ...(enabled === undefined ? {} : { isEnabled: enabled }),
          })
        ).map(toApiRule),
      get: (id) => readApiRule(services, principal, id),
      setEnabled: async (id, enabled) => toApiRule(await rules.setEnabled(principal, id, enabled)),
      remove: (id) => rules.remove(principal, id),
    },
    policies: {
      list: async () => (await policies.list(principal)).map(toApiPolicy),
      create: async ({ name, ...policy }) =>
        toApiPolicy(await policies.create(principal, { ...readPolicyChange(policy), name })),
      update: async (id, change) =>
        toApiPolicy(await policies.update(principal, id, readPolicyChange(change))),
      delete: (id) => policies.delete(principal, id),
    },
    suppressions: {
      list: async (sketchId) => (await alerts.listSuppressions(principal, sketchId)).map(toApiSuppression),
      add: async (wish) => toApiSuppression(await alerts.suppress(principal, readNewSuppression(wish))),
      remove: (id) => alerts.unsuppress(principal, id),
    },
    alerts: {
      list: (query, limit) =>
        readFindingPages(limit, async (part) => {
          const { filter, page } = readFindingWish({ ...query, ...part })
          const { items, total, next } = await alerts.list(principal, filter, page)
          return { items: items.map(toApiAlert), total, next }
        }),
      get: (id) => readApiAlert(services, principal, id),
      decide: async (id, decision) => toApiAlert(await alerts.decide(principal, id, readDecision(decision))),
      async comment(id, text) {
        await alerts.comment(principal, id, text)
      },
    },
    incidents: {
      list: (query, limit) =>
        readFindingPages(limit, async (part) => {
          const { filter, page } = readFindingWish({ ...query, ...part })
          const { items, total, next } = await incidents.list(principal, filter, page)
          return { items: items.map(toApiIncident), total, next }
        }),
      get: (id) => readApiIncident(services, principal, id),
      decide: async (id, decision) =>
        toApiIncident(await incidents.decide(principal, id, readDecision(decision))),
      async comment(id, text) {
        await incidents.comment(principal, id, text)
      },
    },
    detect: ({ sketchId, timeline, rules: files, policy, pipelines, isDryRun, signal }) => {
      const { selection } = prepareSelection({ timelines: timeline === undefined ? undefined : [timeline] })
      return detections.run(principal, {
        sketchId,
        isDryRun,
        signal,
        ...(selection === undefined ? {} : { selection }),
        ...(files === undefined ? {} : { sources: files }),
        ...(policy === undefined ? {} : { policyUuid: policy }),
        ...(pipelines === undefined ? {} : { pipelines }),
      })
    },
    isLive: (sketchId) => detections.isLive(principal, sketchId),
    setLive: (sketchId, live) => detections.setLive(principal, sketchId, live),
    looksInProcess: true,
    waitForDetection: (sketchId, signal) => detections.waitForLive(principal, sketchId, signal),
  }
}
