import {
  type SekoiaFormat,
  sekoiaFormatDraftSchema,
  sekoiaFormatSchema,
  sekoiaPageSchema,
} from '@timeskein/model/sekoia'
import { z } from 'zod'
import { invalid } from '../../../errors/domain-error.ts'
import type { UserCall } from '../../../http/app-types.ts'
import type { IntakeFormat, IntakeFormatDraft } from '../../../services/intakes/intake-service.ts'
import type { PlatformRoute } from '../../platform/platform-route.ts'
import { findCommunity } from '../find-community.ts'
import { type ListRules, listSchema, readListRequest } from '../request/list-request.ts'
import { pageItems, readMembers } from '../request/narrow-list.ts'
import { sekoiaRoute } from '../sekoia-route.ts'
import { writeTime } from '../shapes/authorship.ts'

const FORMATS = '/v1/ingest/formats'
const FORMAT_RULES: ListRules = { match: ['uuid', 'name', 'slug'], defaultLimit: 100, maxLimit: 1000 }
const FORMAT_READERS = readMembers<SekoiaFormat>(['uuid', 'name', 'slug'])
const READ_INTAKES = ['SIC_READ_INTAKES']
const WRITE_INTAKES = ['SIC_WRITE_INTAKES']

/** Formats that intakes have. */
export const formatRoutes: readonly PlatformRoute[] = [
  sekoiaRoute({
    method: 'GET',
    path: FORMATS,
    summary: 'Formats that intakes can have.',
    permission: 'user',
    permissions: READ_INTAKES,
    query: listSchema(FORMAT_RULES, { sizePage: z.string().optional(), indexPage: z.string().optional() }),
    answers: { 200: sekoiaPageSchema(sekoiaFormatSchema) },
    handle: async (call, { query }) => {
      const { services, principal } = call
      const { uid } = await findCommunity(services, principal)
      const formats = (await services.intakes.listFormats(principal)).map((one) => toFormat(one, uid))
      const request = readListRequest(toUsualPages(query), FORMAT_RULES, Date.now())
      return pageItems(formats, request, FORMAT_READERS)
    },
  }),
  sekoiaRoute({
    method: 'POST',
    path: FORMATS,
    summary: 'Describes a format.',
    permission: 'user',
    permissions: WRITE_INTAKES,
    body: sekoiaFormatDraftSchema,
    answers: { 200: sekoiaFormatSchema },
    handle: async (call, { body }) => {
      const made = await call.services.intakes.createFormat(
        call.principal,
        toFormatDraft(body),
        body.format_uuid,
      )
      return await showFormat(call, made)
    },
  }),
  sekoiaRoute({
    method: 'GET',
    path: `${FORMATS}/:formatId`,
    summary: 'A format.',
    permission: 'user',
    permissions: READ_INTAKES,
    answers: { 200: sekoiaFormatSchema },
    handle: async (call, { params }) =>
      await showFormat(call, await call.services.intakes.getFormat(call.principal, params.formatId)),
  }),
  sekoiaRoute({
    method: 'PUT',
    path: `${FORMATS}/:formatId`,
    summary: 'Sets a format of one’s own.',
    permission: 'user',
    permissions: WRITE_INTAKES,
    body: sekoiaFormatDraftSchema,
    answers: { 200: sekoiaFormatSchema },
    handle: async (call, { params, body }) =>
      await showFormat(
        call,
        await call.services.intakes.updateFormat(call.principal, params.formatId, toFormatDraft(body)),
      ),
  }),
]

async function showFormat({ services, principal }: UserCall, format: IntakeFormat): Promise<SekoiaFormat> {
  return toFormat(format, (await findCommunity(services, principal)).uid)
}

function toFormat(format: IntakeFormat, community: string): SekoiaFormat {
  const kept = format.details as Partial<SekoiaFormat>
  return {
    uuid: format.uid,
    name: format.name,
    community_uuid: format.isBuiltIn ? null : community,
    slug: format.slug,
    description: format.description,
    datasources: kept.datasources ?? [],
    automation_module_uuid: kept.automation_module_uuid ?? null,
    automation_connector_uuid: kept.automation_connector_uuid ?? null,
    created_at: writeTime(format.createdAtMs),
    updated_at: writeTime(format.updatedAtMs),
  }
}

function toFormatDraft(body: z.output<typeof sekoiaFormatDraftSchema>): IntakeFormatDraft {
  const { name, slug, description, format_uuid: _, ...details } = body
  return {
    name,
    slug: slug ?? name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'),
    description: description ?? '',
    details,
  }
}

/** This list alone pages by `sizePage` and `indexPage`, from 0. */
function toUsualPages(query: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { sizePage, indexPage, ...rest } = query
  return {
    ...rest,
    ...(sizePage === undefined ? {} : { limit: sizePage }),
    ...(indexPage === undefined || indexPage === '' ? {} : { page: String(readIndex(indexPage) + 1) }),
  }
}

function readIndex(value: unknown): number {
  const text = String(value)
  if (/^\d{1,8}$/.test(text)) return Number(text)
  throw invalid(
    'bad-number',
    `indexPage: a whole number from 0 to 99999999 was expected, found ${JSON.stringify(text.slice(0, 40))}.`,
  )
}
