import type { Findings } from '@timeskein/sdk'
import type { DetectionCalls, FindingCalls } from '../detection-calls.ts'
import { readFindingPages } from '../read-finding-pages.ts'
import type { RemotePlace } from './open-remote-backend.ts'

/** Detection on a server. */
export function createDetectionCalls({ client, options }: RemotePlace): DetectionCalls {
  return {
    rules: {
      add: (files, signal) => client.rules.add(files, { signal }),
      list: (filter) => Array.fromAsync(client.rules.list({ ...filter, ...options })),
      get: (id) => client.rules.get(id, options),
      setEnabled: (id, enabled) => client.rules.setEnabled(id, enabled, options),
      remove: (id) => client.rules.remove(id, options),
    },
    alerts: createFindingCalls(client.alerts, options),
    incidents: createFindingCalls(client.incidents, options),
    policies: {
      list: () => client.policies.list(options),
      create: (policy) => client.policies.create(policy, options),
      update: (id, change) => client.policies.update(id, change, options),
      delete: (id) => client.policies.delete(id, options),
    },
    suppressions: {
      list: (sketch) => client.suppressions.list({ ...options, ...(sketch === undefined ? {} : { sketch }) }),
      add: (suppression) => client.suppressions.add(suppression, options),
      remove: (id) => client.suppressions.remove(id, options),
    },
    detect: ({ sketchId, timeline, rules, policy, pipelines, isDryRun, signal }) => {
      const request = {
        ...(timeline === undefined ? {} : { timelines: [timeline] }),
        ...(rules === undefined ? {} : { rules: [...rules] }),
        ...(policy === undefined ? {} : { policy }),
        ...(pipelines === undefined ? {} : { pipelines: [...pipelines] }),
      }
      return isDryRun
        ? client.detections.preview(sketchId, request, { signal })
        : client.detections.run(sketchId, request, { signal })
    },
    isLive: async (sketchId) => (await client.detections.readState(sketchId, options)).live,
    setLive: (sketchId, live) => client.detections.setLive(sketchId, live, options),
    looksInProcess: false,
    waitForDetection: async (sketchId, signal) =>
      (await client.detections.readState(sketchId, { wait: true, signal })).report,
  }
}

function createFindingCalls<Row extends object, Detail extends object>(
  findings: Findings<{ readonly row: Row; readonly detail: Detail }>,
  options: RemotePlace['options'],
): FindingCalls<Row, Detail> {
  return {
    list: ({ status, ...query }, limit) =>
      readFindingPages(limit, (page) =>
        findings.readPage({ ...query, ...page, ...options, status: status?.join(',') }),
      ),
    get: (id) => findings.get(id, options),
    decide: (id, decision) => findings.decide(id, decision, options),
    async comment(id, text) {
      await findings.comment(id, text, options)
    },
  }
}
