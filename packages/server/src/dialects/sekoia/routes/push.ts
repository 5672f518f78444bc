import {
  sekoiaEventIdSchema,
  sekoiaEventIdsSchema,
  sekoiaPushedBatchSchema,
  sekoiaPushedEventSchema,
} from '@timeskein/model/sekoia'
import { z } from 'zod'
import { DomainError, type DomainErrorKind, invalid, isDomainError } from '../../../errors/domain-error.ts'
import type { AppContext, UserCall } from '../../../http/app-types.ts'
import { check, readJsonText } from '../../../http/check-input.ts'
import { saysAll, writeObjectsAsTexts } from '../../../json/exact-json.ts'
import type { PushedEvent } from '../../../services/intakes/intake-service.ts'
import { type PlatformRoute, type PlatformRouteSpec, platformRoute } from '../../platform/platform-route.ts'
import { MINUTE_MS, Throttle, tooManyRequests } from '../../platform/throttle.ts'
import { readMoment } from '../request/read-moment.ts'
import { MAX_PUSH_BYTES, readPushedText } from '../request/read-pushed-text.ts'

/** Events of one request. */
const MAX_EVENTS = 100_000
/** Requests whose key stands in their body, of one address, that may be under way or have been refused in a minute. */
const MAX_UNKNOWN = 60

/** Refusals that tell that a request is not one of an intake's own. */
const CALLERS_FAULTS: ReadonlySet<DomainErrorKind> = new Set([
  'invalid',
  'unauthenticated',
  'forbidden',
  'too-large',
])

const querySchema = z.object({
  intake_key: z.string().optional(),
  path: z.string().max(1000).optional(),
  return_response: z.string().optional(),
})

/** Where the key of an intake is looked for: beside the body, or in it. */
type KeyPlace = 'beside' | 'inside'
type MakePush = (unknown: Throttle) => PlatformRoute
type Handle = (call: UserCall, text: string, c: AppContext) => Promise<unknown>

/**
 * Events on their way in. Whoever has an intake's key may send to it, without another. What a body is goes by the route: public
 * programs name other types.
 */
const PUSHES: readonly MakePush[] = [
  pushRoute('/plain', 'beside', 'One line of a log.', sekoiaEventIdSchema, async (call, text, c) => {
    const line = text.replace(/\r?\n$/, '')
    if (line === '') throw empty()
    const [event_id] = await push(call, readKey(c), [timeEvents(c)(line)])
    return { event_id }
  }),
  pushRoute('/plain/batch', 'beside', 'Lines of a log.', sekoiaEventIdsSchema, async (call, text, c) => {
    const lines = text.split('\n').map((line) => line.replace(/\r$/, ''))
    const time = timeEvents(c)
    const events = lines.filter((line) => line !== '').map((line) => time(line))
    if (events.length === 0) throw empty()
    return { event_ids: await push(call, readKey(c), events) }
  }),
  pushRoute(
    '/jsons',
    'beside',
    'A list of events; `path` says where in the body it stands.',
    sekoiaEventIdsSchema,
    async (call, text, c) => {
      const time = timeEvents(c)
      const steps = readPath(c.req.query('path'))
      const events = readEvents(readBody(text, [...steps, '*']), steps).map((event) => time(event))
      return { event_ids: await push(call, readKey(c), events) }
    },
  ),
  pushRoute('/batch', 'inside', 'Events of one intake.', sekoiaEventIdsSchema, async (call, text, c) => {
    const { intake_key, jsons } = check(sekoiaPushedBatchSchema, readBody(text, ['jsons', '*']), 'body')
    const time = timeEvents(c)
    const events = jsons.map((event) => time(event))
    return { event_ids: await push(call, intake_key, events) }
  }),
  pushRoute(
    '/array',
    'inside',
    'Events, each of its own intake.',
    sekoiaEventIdsSchema,
    async (call, text, c) => {
      const items = check(z.array(sekoiaPushedEventSchema), readBody(text, ['*', 'json']), 'body')
      requireCount(items.length)
      const ids = new Array<string | null>(items.length).fill(null)
      const time = timeEvents(c)
      const byKey = [...Map.groupBy(items.entries(), ([, item]) => item.intake_key)]
      const batches = byKey.map(([key, entries]) => ({
        key,
        events: entries.map(([, item]) => time(item.json, item['@timestamp'] ?? item.timestamp)),
      }))
      for (const [batch, own] of (await call.services.intakes.pushAll(batches)).entries())
        for (const [at, id] of own?.entries() ?? []) ids[byKey[batch]![1][at]![0]] = id
      if (!ids.includes(null)) return { event_ids: ids }
      const message =
        'Some events could not be stored: send those again whose event_ids are null, and no others.'
      return c.json({ message, code: 'partly-stored', event_ids: ids }, 500)
    },
  ),
  pushRoute('', 'inside', 'One event.', sekoiaEventIdSchema, async (call, text, c) => {
    const event = check(sekoiaPushedEventSchema, readBody(text, ['json']), 'body')
    const time = event['@timestamp'] ?? event.timestamp
    const [event_id] = await push(call, event.intake_key, [timeEvents(c)(event.json, time)])
    return { event_id }
  }),
]

/** The routes of a server, which holds addresses to what they may send of nobody's. */
export function makePushRoutes(): readonly PlatformRoute[] {
  const unknown = new Throttle(() => performance.now())
  return PUSHES.map((make) => make(unknown))
}

function pushRoute(
  path: string,
  keyPlace: KeyPlace,
  summary: string,
  answer: z.ZodType,
  handle: Handle,
): MakePush {
  const content = path.startsWith('/plain') ? 'lines' : 'json'
  const makeSpec = (unknown: Throttle): PlatformRouteSpec<typeof querySchema, undefined> => ({
    method: 'POST',
    path: `/api/v1/intake-http${path}`,
    alsoAt: [path === '' ? '/' : path, `/v1/intake-http${path}`],
    summary,
    permission: 'public',
    query: querySchema,
    answers: { 200: answer },
    options: { csrf: false, maxBodyBytes: MAX_PUSH_BYTES },
    async handle(call, _input, c) {
      if (keyPlace === 'inside')
        return await limitUnknown(
          unknown,
          call,
          async () => await handle(call, await readPushedText(c, content), c),
        )
      // Before the body is read: whoever has no key makes no work.
      await call.services.intakes.requireOpen(readKey(c))
      return await handle(call, await readPushedText(c, content), c)
    },
  })
  return (unknown) => platformRoute(makeSpec(unknown))
}

/** Holds an address to so many requests that turn out to be nobody's. */
async function limitUnknown<Answer>(
  throttle: Throttle,
  { address }: UserCall,
  answer: () => Promise<Answer>,
): Promise<Answer> {
  const ticket = throttle.take(address, { requests: MAX_UNKNOWN, windowMs: MINUTE_MS })
  if (!ticket.isAllowed) throw tooManyRequests(ticket)
  let isFault = false
  try {
    return await answer()
  } catch (error) {
    isFault = isDomainError(error) && CALLERS_FAULTS.has(error.kind)
    throw error
  } finally {
    if (!isFault) throttle.giveBack(address)
  }
}

async function push(
  { services }: UserCall,
  key: string,
  events: readonly PushedEvent[],
): Promise<readonly string[]> {
  requireCount(events.length)
  return await services.intakes.push(key, events)
}

function requireCount(count: number): void {
  if (count === 0) throw empty()
  if (count > MAX_EVENTS)
    throw new DomainError(
      'too-large',
      'too-many-events',
      `A request has at most ${MAX_EVENTS} events; this one has ${count}.`,
    )
}

function empty(): Error {
  return invalid('empty-body', 'At least one event was expected, found none.')
}

/** The key in a header, as the password of HTTP basic authentication, or in the address. */
function readKey(c: AppContext): string {
  const basic = /^Basic\s+(\S+)/i.exec(c.req.header('authorization') ?? '')?.[1]
  const password =
    basic &&
    Buffer.from(basic, 'base64')
      .toString('utf8')
      .replace(/^[^:]*:/, '')
  const key = c.req.header('x-sekoiaio-intake-key') ?? (password || undefined) ?? c.req.query('intake_key')
  if (key) return key
  throw new DomainError(
    'unauthenticated',
    'unknown-intake-key',
    'The key of an intake was expected: in the header X-SEKOIAIO-INTAKE-KEY, as the password of HTTP basic authentication, or as intake_key in the address; found none.',
  )
}

/** Gives events the time that was sent with each, or else with the request. */
function timeEvents(
  c: AppContext,
): (event: PushedEvent['event'], own?: string | number | undefined) => PushedEvent {
  // Looked up once: there may be a hundred thousand events.
  const ofAll = c.req.header('x-sekoiaio-event-timestamp')
  return (event, own) => {
    const time = own ?? ofAll
    return time === undefined ? { event } : { event, timeUs: readMoment(time, 'timestamp', Date.now()) }
  }
}

/** The body, with events as texts where values would not say all that they say. @param steps - To the events. */
function readBody(text: string, steps: readonly string[]): unknown {
  const body = readJsonText(text)
  return saysAll(text, body) ? body : readJsonText(writeObjectsAsTexts(text, steps))
}

/** @param path - `$.a.b`, which names the list. */
function readPath(path: string | undefined): readonly string[] {
  return (path ?? '')
    .replace(/^\$\.?/, '')
    .split('.')
    .filter(Boolean)
}

function readEvents(body: unknown, steps: readonly string[]): readonly PushedEvent['event'][] {
  let found: unknown = body
  for (const name of steps)
    found =
      typeof found === 'object' && found !== null && Object.hasOwn(found, name)
        ? (found as Record<string, unknown>)[name]
        : undefined
  if (!Array.isArray(found))
    throw invalid(
      'bad-request',
      `A list of events was expected${steps.length === 0 ? '' : ` at ${steps.join('.').slice(0, 100)}`}, found ${found === undefined ? 'nothing' : typeof found}.`,
    )
  return found.map((event: unknown) =>
    typeof event === 'string' || (typeof event === 'object' && event !== null && !Array.isArray(event))
      ? (event as PushedEvent['event'])
      : JSON.stringify(event),
  )
}
