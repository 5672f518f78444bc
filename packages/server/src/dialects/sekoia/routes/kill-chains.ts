import { sekoiaKillChainSchema, sekoiaPageSchema } from '@timeskein/model/sekoia'
import { notFound } from '../../../errors/domain-error.ts'
import type { PlatformRoute } from '../../platform/platform-route.ts'
import { type ListRules, listSchema, readListRequest } from '../request/list-request.ts'
import { pageItems, readMembers } from '../request/narrow-list.ts'
import { sekoiaRoute } from '../sekoia-route.ts'
import { findKillChain, KILL_CHAINS } from '../shapes/kill-chain.ts'

const PATH = '/v1/sic/kill-chains'
const READ = ['SIC_READ_ALERTS']
const MEMBERS = ['uuid', 'short_id', 'name', 'stix_name', 'order_id'] as const
const RULES: ListRules = { match: [...MEMBERS], sort: [...MEMBERS], defaultLimit: 20, maxLimit: 100 }
const READERS = readMembers<(typeof KILL_CHAINS)[number]>([...MEMBERS])

/** Phases of attacks, which alerts may be said to be of. */
export const killChainRoutes: readonly PlatformRoute[] = [
  sekoiaRoute({
    method: 'GET',
    path: PATH,
    summary: 'Phases of an attack, in its order.',
    permission: 'user',
    permissions: READ,
    query: listSchema(RULES),
    answers: { 200: sekoiaPageSchema(sekoiaKillChainSchema) },
    handle: async (_call, { query }) =>
      pageItems(KILL_CHAINS, readListRequest(query, RULES, Date.now()), READERS),
  }),
  sekoiaRoute({
    method: 'GET',
    path: `${PATH}/:killChainId`,
    summary: 'A phase of an attack, by its UUID or short id.',
    permission: 'user',
    permissions: READ,
    answers: { 200: sekoiaKillChainSchema },
    handle: async (_call, { params }) => {
      const id = params.killChainId
      const found = findKillChain(id)
      if (!found) throw notFound('kill chain', id.slice(0, 64))
      return found
    },
  }),
]
