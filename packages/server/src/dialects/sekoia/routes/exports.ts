import {
  type SekoiaTask,
  sekoiaExportDraftSchema,
  sekoiaExportSchema,
  sekoiaTaskSchema,
} from '@timeskein/model/sekoia'
import { z } from 'zod'
import { conflict, invalid } from '../../../errors/domain-error.ts'
import type { AppContext } from '../../../http/app-types.ts'
import type { JobExport } from '../../../services/search-jobs/export-service.ts'
import { type PlatformRoute, platformRoute } from '../../platform/platform-route.ts'
import { sekoiaRoute } from '../sekoia-route.ts'
import { writeTime } from '../shapes/authorship.ts'

const JOB = '/v1/sic/conf/events/search/jobs/:jobId'
const PERMISSIONS = ['SIC_MASSIVE_EXPORT_EVENTS', 'SIC_READ_INTAKES']
const STATUSES: Readonly<Record<JobExport['status'], SekoiaTask['status']>> = {
  running: 'RUNNING',
  done: 'FINISHED',
  failed: 'FAILED',
}

/** Files of the events that a search found. */
export const exportRoutes: readonly PlatformRoute[] = [
  sekoiaRoute({
    method: 'POST',
    path: `${JOB}/export`,
    summary: 'Has the events of a search that is done written to a file.',
    permission: 'user',
    permissions: PERMISSIONS,
    options: { keyScope: 'read' },
    body: sekoiaExportDraftSchema,
    answers: { 200: z.object({ task_uuid: z.string() }) },
    handle: async ({ services, principal }, { params, body }) => {
      if (body.s3)
        throw invalid(
          's3-not-written',
          'Exports are written here and fetched by their download_url; buckets elsewhere are not written to.',
        )
      const wild = body.fields?.find((name) => name.includes('*'))
      if (wild !== undefined)
        throw invalid(
          'bad-field',
          `Names of fields without wildcards were expected, found ${JSON.stringify(wild)}.`,
        )
      const one = await services.jobExports.start(principal, params.jobId, body.fields ?? undefined)
      return { task_uuid: one.uid }
    },
  }),
  sekoiaRoute({
    method: 'GET',
    path: '/v1/tasks/:taskId',
    summary: 'How far an export is.',
    permission: 'user',
    permissions: PERMISSIONS,
    answers: { 200: sekoiaTaskSchema },
    handle: async ({ services, principal }, { params }, c) => {
      const one = services.jobExports.get(principal, params.taskId)
      const problem = one.problem ?? null
      return {
        uuid: one.uid,
        status: STATUSES[one.status],
        total: one.total,
        progress: one.done,
        message: problem,
        attributes: { download_url: one.status === 'done' ? writeAddress(c, one) : null, error: problem },
      }
    },
  }),
  sekoiaRoute({
    method: 'GET',
    path: `${JOB}/export-jobs`,
    summary: 'The file of the latest export of a search.',
    permission: 'user',
    permissions: PERMISSIONS,
    answers: { 200: sekoiaExportSchema },
    handle: async ({ services, principal }, { params }, c) => {
      const one = services.jobExports.latest(principal, params.jobId)
      if (one.status !== 'done')
        throw conflict(
          'export-not-done',
          `An export that is done was expected, found one that is ${one.status}.`,
        )
      return {
        download_url: writeAddress(c, one),
        expire_at: writeTime(one.expiresAtMs ?? 0),
        exported_events_count: one.done,
        export_size_compressed: one.sizeBytes,
        format: 'json' as const,
      }
    },
  }),
  platformRoute({
    method: 'GET',
    path: '/downloads/events.json.gz',
    summary: 'A file, to whoever has its address.',
    permission: 'public',
    query: z.object({ key: z.string().max(100) }),
    answers: { 200: null },
    fileTypes: ['application/gzip'],
    handle: async ({ services }, { query }, c) => {
      const { stream, sizeBytes } = services.jobExports.open(query.key)
      return c.body(stream, 200, {
        'content-type': 'application/gzip',
        'content-length': String(sizeBytes),
        'cache-control': 'no-store',
      })
    },
  }),
]

/** The address under which the caller has reached us, with the file's own key, which no log of requests has. */
function writeAddress(c: AppContext, { secret }: JobExport): string {
  const { origin } = new URL(c.req.url)
  const scheme = c.get('isSecure') ? origin.replace(/^http:/, 'https:') : origin
  return `${scheme}/sekoia/downloads/events.json.gz?key=${secret}`
}
