import { toNavigatorLayer } from '@timeskein/analyze'
import {
  type ApiDetectionReport,
  detectionReportSchema,
  detectionRunsAnswerSchema,
  detectionSettingsSchema,
  detectRequestSchema,
  flagWordSchema,
} from '@timeskein/model'
import { z } from 'zod'
import type { SketchCall, UserCall } from '../../../http/app-types.ts'
import { prepareSelection } from '../../../services/explore/read-question.ts'
import { type Route, sketchRoute } from '../route.ts'

/** Body of `POST …/detect` at most: it may bring its rules. */
const MAX_DETECT_BYTES = 268_435_456

const stateSchema = detectionSettingsSchema.extend({
  /** Of the last look at events that came, where one was waited for. */
  report: detectionReportSchema.optional(),
})

/** Rules run over the events of a sketch. */
export const detectionRoutes: readonly Route[] = [
  sketchRoute('write', {
    method: 'POST',
    path: '/sketches/:sketchId{[0-9]+}/detect',
    summary:
      'Run the enabled rules of the library, or others, over the events; answers when hits, alerts and incidents are stored.',
    body: detectRequestSchema,
    answer: detectionReportSchema,
    options: { maxBodyBytes: MAX_DETECT_BYTES },
    handle: async (call, { body }) => await runOver(call, body),
  }),
  sketchRoute('read', {
    method: 'POST',
    path: '/sketches/:sketchId{[0-9]+}/detect/preview',
    summary: 'What a run would find: reports, and stores nothing.',
    body: detectRequestSchema.omit({ dryRun: true }),
    answer: detectionReportSchema,
    options: { maxBodyBytes: MAX_DETECT_BYTES },
    handle: async (call, { body }) => await runOver(call, { ...body, dryRun: true }),
  }),
  sketchRoute('read', {
    method: 'GET',
    path: '/sketches/:sketchId{[0-9]+}/detections',
    summary: 'The last runs, newest first.',
    answer: detectionRunsAnswerSchema,
    handle: async (call) => ({
      runs: (await call.services.detections.listRuns(call.principal, call.sketch.id)).map(
        ({ uid, mode, atMs, username, report: { events, rules, hits, seconds } }) => ({
          run: uid,
          at: new Date(atMs).toISOString(),
          mode,
          ...(username === undefined ? {} : { user: username }),
          events,
          rules,
          hits,
          seconds,
        }),
      ),
    }),
  }),
  sketchRoute('read', {
    method: 'GET',
    path: '/sketches/:sketchId{[0-9]+}/detections/:run',
    summary: 'The report of one run; `latest` is the newest.',
    answer: detectionReportSchema,
    handle: async (call, { params }) =>
      (await call.services.detections.getRun(call.principal, call.sketch.id, params.run)).report,
  }),
  sketchRoute('read', {
    method: 'GET',
    path: '/sketches/:sketchId{[0-9]+}/detections/:run/layer',
    summary: 'The techniques of a run as a layer of MITRE’s ATT&CK Navigator.',
    answer: z.looseObject({ name: z.string(), domain: z.string() }),
    handle: async (call, { params }) => {
      const { detections } = call.services
      const { report } = await detections.getRun(call.principal, call.sketch.id, params.run)
      return toNavigatorLayer(report, { name: call.sketch.name })
    },
  }),
  sketchRoute('read', {
    method: 'GET',
    path: '/sketches/:sketchId{[0-9]+}/detection',
    summary:
      'Whether events are looked at as they come; with `wait` answers when those that came were, with the report.',
    query: z.strictObject({ wait: flagWordSchema.prefault('false') }),
    answer: stateSchema,
    handle: async (call, { query }) => await readState(call, call.sketch.id, query.wait),
  }),
  sketchRoute('write', {
    method: 'PATCH',
    path: '/sketches/:sketchId{[0-9]+}/detection',
    summary: 'Turn looking at events as they come on or off.',
    body: detectionSettingsSchema,
    answer: stateSchema,
    handle: async (call, { body }) => {
      await call.services.detections.setLive(call.principal, call.sketch.id, body.live)
      return await readState(call, call.sketch.id, false)
    },
  }),
]

async function runOver(
  call: SketchCall,
  { timelines, rules, policy, pipelines, dryRun }: z.output<typeof detectRequestSchema>,
): Promise<ApiDetectionReport> {
  const { selection } = prepareSelection({ timelines })
  return await call.services.detections.run(call.principal, {
    sketchId: call.sketch.id,
    ...(selection === undefined ? {} : { selection }),
    ...(rules === undefined ? {} : { sources: rules }),
    ...(policy === undefined ? {} : { policyUuid: policy }),
    ...(pipelines === undefined ? {} : { pipelines }),
    isDryRun: dryRun,
    signal: call.signal,
  })
}

async function readState(
  { services, principal, signal }: UserCall,
  sketchId: number,
  waits: boolean,
): Promise<z.output<typeof stateSchema>> {
  const { detections } = services
  const report = waits ? await detections.waitForLive(principal, sketchId, signal) : undefined
  return {
    live: await detections.isLive(principal, sketchId),
    ...(report === undefined ? {} : { report }),
  }
}
