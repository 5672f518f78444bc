import type { AppContext, SketchCall } from '../../../../http/app-types.ts'
import type { AnalysisStatus } from '../../../../services/analyzers/analyzer-service.ts'
import { abort, inWords } from '../../errors.ts'
import { sendJson } from '../../reply.ts'
import { type Body, flag, object, pathId, readBody, texts } from '../../request.ts'
import type { TimesketchRouter } from '../../router.ts'
import { marshalAnalyses, marshalAnalyzer, marshalSession } from '../../wire/case/analysis.ts'
import { nested, one } from '../../wire/envelope.ts'

/** `/sketches/<id>/analyzer/…` and `…/timelines/<id>/analysis/` (Timesketch 20261014: api/v1/resources/analysis.py). */
export function routeAnalyzers(router: TimesketchRouter): void {
  router.sketch('GET', '/sketches/:sketchId/analyzer/', 'read', list)
  router.sketch('POST', '/sketches/:sketchId/analyzer/', 'write', run)
  router.sketch('GET', '/sketches/:sketchId/analyzer/sessions/active/', 'read', listActive)
  router.sketch('GET', '/sketches/:sketchId/analyzer/sessions/:sessionId/', 'read', getSession)
  // Ours: Timesketch cannot end a session.
  router.sketch('DELETE', '/sketches/:sketchId/analyzer/sessions/:sessionId/', 'write', cancel)
  router.sketch('GET', '/sketches/:sketchId/timelines/:timelineId/analysis/', 'read', listOfTimeline)
}

const WORDS = {
  'no-timeline': [400, 'Need to provide a timeline ID'],
  'timeline-not-of-sketch': [403, 'Timeline is not part of this sketch'],
  'no-analyzer': [400, 'No analyzers found to run.'],
  'bad-parameters': [400, 'Kwargs needs to be a dictionary of parameters.'],
  'timeline-not-found': [404, 'No timeline found with this ID.'],
  'analysis-session-not-found': [404, 'No analyzer session found with this ID.'],
} as const

async function list(c: AppContext, { services }: SketchCall): Promise<Response> {
  return sendJson(c, (await services.analyzers.list()).map(marshalAnalyzer))
}

async function run(c: AppContext, call: SketchCall): Promise<Response> {
  const body = await readBody(c)
  if (Object.keys(body).length === 0) abort(403, 'Unable to run an analyzer without any data submitted.')
  const sessions = await inWords(
    call.services.analyzers.run(call.principal, call.sketch.id, {
      timelineIds: readTimelineIds(body['timeline_ids']),
      names: readNames(body),
      parameters: readParameters(body),
      force: flag(body, 'analyzer_force_run'),
    }),
    WORDS,
  )
  return sendJson(c, nested(sessions.map(marshalSession)))
}

/** Nothing at all is no timeline, which the service refuses. */
function readTimelineIds(value: unknown): readonly number[] {
  if (!value) return []
  if (Array.isArray(value) && value.every((id) => Number.isSafeInteger(id))) return value
  return abort(...WORDS['timeline-not-of-sketch'])
}

function readNames(body: Body): readonly string[] {
  if (!body['analyzer_names']) return []
  return texts(body, 'analyzer_names') ?? abort(400, 'Analyzer names needs to be a list of analyzers.')
}

function readParameters(body: Body): Body | undefined {
  if (!body['analyzer_kwargs']) return undefined
  return object(body, 'analyzer_kwargs') ?? abort(...WORDS['bad-parameters'])
}

async function listActive(c: AppContext, call: SketchCall): Promise<Response> {
  const sessions = await call.services.analyzers.listActive(call.principal, call.sketch.id)
  const counts: Record<AnalysisStatus, number> = { PENDING: 0, STARTED: 0, ERROR: 0, DONE: 0 }
  for (const { analyses } of sessions) for (const { status } of analyses) counts[status] += 1
  const hasDetails = c.req.query('include_details')?.toLowerCase() === 'true'
  const summary = {
    total_tasks: Object.values(counts).reduce((sum, count) => sum + count, 0),
    total_sessions: sessions.length,
    tasks_status_count: counts,
    sessions: sessions.map(({ id }) => id),
    detailed_sessions: hasDetails ? sessions.map((session) => one(marshalSession(session))) : false,
  }
  return sendJson(c, { objects: [summary] })
}

async function getSession(c: AppContext, call: SketchCall): Promise<Response> {
  const id = pathId(c, 'sessionId')
  const session = await inWords(call.services.analyzers.getSession(call.principal, call.sketch.id, id), WORDS)
  return sendJson(c, one(marshalSession(session)))
}

async function cancel(c: AppContext, call: SketchCall): Promise<Response> {
  const id = pathId(c, 'sessionId')
  const session = await inWords(call.services.analyzers.cancel(call.principal, call.sketch.id, id), WORDS)
  return sendJson(c, one(marshalSession(session)))
}

async function listOfTimeline(c: AppContext, call: SketchCall): Promise<Response> {
  const id = pathId(c, 'timelineId')
  const analyses = await inWords(
    call.services.analyzers.listOfTimeline(call.principal, call.sketch.id, id),
    WORDS,
  )
  return sendJson(c, nested(marshalAnalyses(analyses)))
}
