import {
  FIELD_MAP_EXAMPLE,
  importJobSchema,
  importParametersSchema,
  importPreviewSchema,
  importsAnswerSchema,
  parseFieldMap,
} from '@timeskein/model'
import { z } from 'zod'
import { listDataPaths } from '../../../data-paths.ts'
import { invalid } from '../../../errors/domain-error.ts'
import type { AppContext } from '../../../http/app-types.ts'
import type { ImportReading } from '../../../import/import-service.ts'
import { MAX_PREVIEW_BYTES, previewEvidence } from '../../../import/input/preview-evidence.ts'
import { toApiImportJob } from '../../../services/api-rows.ts'
import { type Route, sketchRoute, userRoute } from '../route.ts'

const PREVIEW_ROWS = 5

/** Imports: the body is the file itself, as it stands. */
export const importRoutes: readonly Route[] = [
  sketchRoute('write', {
    method: 'POST',
    path: '/sketches/:sketchId{[0-9]+}/imports',
    summary:
      'Import the bytes of the body into a timeline; answers when they are stored, with the account of every row.',
    query: importParametersSchema,
    answer: importJobSchema,
    options: { maxBodyBytes: Number.POSITIVE_INFINITY },
    handle: async (call, { query }, c) => {
      const started = await call.services.imports.start(call.principal, {
        sketchId: call.sketch.id,
        timeline: { name: query.timeline },
        inputs: [{ stream: readBytes(c), name: query.name }],
        bySource: query.bySource ?? false,
        leavesNoEmptyTimeline: true,
        reading: toReading(query),
        signal: call.signal,
      })
      return toApiImportJob(await started.ended)
    },
  }),
  userRoute('user', {
    method: 'POST',
    path: '/imports/preview',
    summary:
      'What an import of these bytes would do: format, mapping, first rows. Of a long body only the beginning is read.',
    query: importParametersSchema.omit({ timeline: true, bySource: true }),
    answer: importPreviewSchema,
    options: { keyScope: 'read', maxBodyBytes: Number.POSITIVE_INFINITY },
    handle: async (call, { query }, c) =>
      await previewEvidence(
        { stream: readBytes(c), name: query.name },
        {
          ...toReading(query),
          rowLimit: PREVIEW_ROWS,
          signal: call.signal,
          maxBytes: MAX_PREVIEW_BYTES,
          spoolDirectory: listDataPaths(call.system.dataDirectory).uploads,
        },
      ),
  }),
  sketchRoute('read', {
    method: 'GET',
    path: '/sketches/:sketchId{[0-9]+}/imports',
    summary: 'Imports into the sketch, newest first.',
    answer: importsAnswerSchema,
    handle: async (call) => ({
      imports: (await call.services.imports.list(call.principal, call.sketch.id)).map(toApiImportJob),
    }),
  }),
  userRoute('user', {
    method: 'GET',
    path: '/imports/:importId',
    summary: 'One import.',
    answer: importJobSchema,
    handle: async (call, { params }) =>
      toApiImportJob(await call.services.imports.get(call.principal, params.importId)),
  }),
  userRoute('user', {
    method: 'DELETE',
    path: '/imports/:importId',
    summary: 'Cancel an import; what it read is rolled back.',
    answer: importJobSchema,
    handle: async (call, { params }) =>
      toApiImportJob(await call.services.imports.cancel(call.principal, params.importId)),
  }),
  userRoute('user', {
    method: 'GET',
    path: '/imports/:importId/rejects',
    summary: 'Rejected rows as they stood, or (kind=reasons) why, one JSON object each.',
    query: z.strictObject({
      kind: z.enum(['raw', 'reasons']).default('raw'),
      /** Only those of this file: its place in `files`, from 1. */
      file: z.coerce.number().int().min(1).optional(),
    }),
    answerType: 'application/octet-stream',
    handle: async (call, { params, query }, c) => {
      const stream = await call.services.imports.readRejects(
        call.principal,
        params.importId,
        query.kind,
        query.file,
      )
      return c.body(stream, 200, {
        'content-type': query.kind === 'raw' ? 'application/octet-stream' : 'application/x-ndjson',
      })
    },
  }),
]

function readBytes(c: AppContext): AsyncIterable<Uint8Array> {
  const body = c.req.raw.body
  if (!body) throw invalid('no-body', 'The body is the file to import; found none.')
  return body
}

function toReading(
  query: Omit<z.output<typeof importParametersSchema>, 'timeline' | 'bySource'>,
): ImportReading {
  return {
    ...(query.map === undefined ? {} : { map: readMap(query.map) }),
    ...(query.timeZone === undefined ? {} : { timeZone: query.timeZone }),
    ...(query.encoding === undefined ? {} : { encoding: query.encoding }),
    ...(query.dayFirst === undefined ? {} : { dayFirst: query.dayFirst }),
    ...(query.carve === undefined ? {} : { carve: query.carve }),
    ...(query.keepXml === undefined ? {} : { keepXml: query.keepXml }),
    ...(query.year === undefined ? {} : { year: query.year }),
    ...(query.allTimes === undefined ? {} : { allTimes: query.allTimes }),
    ...(query.plasoFilter === undefined ? {} : { plasoFilter: query.plasoFilter }),
  }
}

function readMap(text: string): Readonly<Record<string, string>> {
  const { map, badPair } = parseFieldMap(text)
  if (map) return map
  throw invalid('bad-map', `map takes pairs such as ${FIELD_MAP_EXAMPLE}; found "${badPair}".`)
}
