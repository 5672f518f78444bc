import type { AppContext, SketchCall } from '../../../http/app-types.ts'
import { abort, inWords } from '../errors.ts'
import { sendJson } from '../reply.ts'
import { pathId, readBody, text, whole } from '../request.ts'
import type { TimesketchRouter } from '../router.ts'
import { marshalDataSource } from '../wire/data-source.ts'
import { flat, one } from '../wire/envelope.ts'

/** `/sketches/<id>/datasource/…` (Timesketch 20261014: api/v1/resources/datasource.py). */
export function routeDataSources(router: TimesketchRouter): void {
  router.sketch('GET', '/sketches/:sketchId/datasource/', 'read', listDataSources)
  router.sketch('POST', '/sketches/:sketchId/datasource/', 'write', createDataSource)
  router.sketch('GET', '/sketches/:sketchId/datasource/:dataSourceId/', 'read', getDataSource)
  router.sketch('POST', '/sketches/:sketchId/datasource/:dataSourceId/', 'write', modifyDataSource)
}

async function listDataSources(c: AppContext, call: SketchCall): Promise<Response> {
  if (call.sketch.status === 'archived') abort(400, 'Unable to fetch data sources from an archived sketch.')
  const sources = await call.services.dataSources.list(call.principal, call.sketch.id)
  const timelines = new Set(sources.map((source) => source.timelineId))
  return sendJson(
    c,
    flat(sources.map(marshalDataSource), {
      number_of_timelines: timelines.size,
      number_of_sources: sources.length,
    }),
  )
}

async function createDataSource(c: AppContext, call: SketchCall): Promise<Response> {
  const body = await readBody(c)
  const timelineId = whole(body, 'timeline_id')
  if (!timelineId) abort(400, 'Unable to create a data source without a timeline identifier.')
  const source = await inWords(
    call.services.dataSources.create(call.principal, call.sketch.id, {
      timelineId,
      provider: text(body, 'provider') ?? 'N/A',
      context: text(body, 'context') ?? 'N/A',
      originalFilename: text(body, 'original_filename') ?? '',
      dataLabel: text(body, 'data_label') ?? 'data',
    }),
    { 'timeline-not-found': [404, 'No Timeline found with this ID.'] },
  )
  return sendJson(c, one(marshalDataSource(source)), 201)
}

async function getDataSource(c: AppContext, call: SketchCall): Promise<Response> {
  const source = await call.services.dataSources.get(
    call.principal,
    call.sketch.id,
    pathId(c, 'dataSourceId'),
  )
  return sendJson(c, one(marshalDataSource(source)))
}

async function modifyDataSource(c: AppContext, call: SketchCall): Promise<Response> {
  const body = await readBody(c)
  const provider = text(body, 'provider')
  const context = text(body, 'context')
  const source = await call.services.dataSources.update(
    call.principal,
    call.sketch.id,
    pathId(c, 'dataSourceId'),
    { ...(provider ? { provider } : {}), ...(context ? { context } : {}) },
  )
  return sendJson(c, one(marshalDataSource(source)))
}
