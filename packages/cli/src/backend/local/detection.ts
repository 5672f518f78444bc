import {
  prepareSelection,
  readApiAlert,
  readApiIncident,
  readApiRule,
  readDecision,
  readFindingWish,
  toApiAlert,
  toApiIncident,
  toApiRule,
  toApiRuleAdditions,
} from '@timeskein/server'
import type { DetectionCalls } from '../detection-calls.ts'
import { readFindingPages } from '../read-finding-pages.ts'
import type { LocalPlace } from './open-local-backend.ts'

/** Detection in a data directory. */
export function createDetectionCalls({ services, principal }: LocalPlace): DetectionCalls {
  const { rules, alerts, incidents, detections } = services
  return {
    rules: {
      add: async (files, signal) => toApiRuleAdditions(await rules.add(principal, files, { signal })),
      list: async ({ enabled, ...filter }) =>
        (
          await rules.list(principal, { ...filter, ...(enabled === undefined ? {} : { isEnabled: enabled }) })
        ).map(toApiRule),
      get: (id) => readApiRule(services, principal, id),
      setEnabled: async (id, enabled) => toApiRule(await rules.setEnabled(principal, id, enabled)),
      remove: (id) => rules.remove(principal, id),
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
    detect: ({ sketchId, timeline, rules: files, isDryRun, signal }) => {
      const { selection } = prepareSelection({ timelines: timeline === undefined ? undefined : [timeline] })
      return detections.run(principal, {
        sketchId,
        isDryRun,
        signal,
        ...(selection === undefined ? {} : { selection }),
        ...(files === undefined ? {} : { sources: files }),
      })
    },
    waitForDetection: (sketchId, signal) => detections.waitForLive(principal, sketchId, signal),
  }
}
