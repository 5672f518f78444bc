import { randomUUID } from 'node:crypto'
import { joinMembers, listMembers } from '@timeskein/model'
import { resolveDate } from '@timeskein/query'
import { DomainError } from '../../errors/domain-error.ts'
import { saysAll } from '../../json/exact-json.ts'
import { parseJson } from '../../json/read-json.ts'
import {
  type Intake,
  type IntakeFormat,
  MAX_PUSHED_EVENT_LENGTH,
  type PushedEvent,
} from './intake-service.ts'

/** Where an event comes in. */
export interface EventOrigin {
  readonly intake: Intake
  readonly format: IntakeFormat | undefined
  readonly entity: { readonly uid: string; readonly entityId: string }
  readonly organisation: { readonly uid: string; readonly name: string }
  readonly nowMs: number
}

/** An event as it is stored. */
export interface DescribedEvent {
  readonly id: string
  readonly timeUs: bigint
  readonly source: Readonly<Record<string, unknown>>
  /** The same as JSON, where values do not say all of it. */
  readonly text?: string
}

/** How most times are written, which the runtime's own parser reads fastest. */
const USUAL_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z$/

/** Furthest from 1970 that a time may be, either way: what `Date` holds. */
const FURTHEST_US = 8_640_000_000_000_000_000n

/** Members that every event gets here. */
const GIVEN_MEMBERS: ReadonlySet<string> = new Set(['__event_id', 'event.id', 'event.created'])

/** Members that are the event's own time, the likelier first. */
const TIME_MEMBERS = ['@timestamp', 'timestamp', 'datetime']

/** An event as it is stored. Its members are kept as they are; its text is the message where it has none. */
export function describeEvent({ event, timeUs }: PushedEvent, origin: EventOrigin): DescribedEvent {
  const text = typeof event === 'string' ? event : JSON.stringify(event)
  if (text.length > MAX_PUSHED_EVENT_LENGTH)
    throw new DomainError(
      'too-large',
      'event-too-large',
      `An event has at most ${MAX_PUSHED_EVENT_LENGTH} characters; this one has ${text.length}.`,
    )
  const sent = typeof event === 'string' ? readMembers(event) : event
  const members = sent && withOwnNames(sent)
  const id = randomUUID()
  const { nowMs } = origin
  const message = typeof members?.['message'] === 'string' ? members['message'] : text
  const own = { 'event.id': id, 'event.created': new Date(nowMs).toISOString() }
  return {
    id,
    timeUs: timeUs ?? readOwnTime(members) ?? BigInt(nowMs) * 1000n,
    source: { message, ...members, ...(members && { message }), ...own },
    ...(sent && !saysAll(text, sent) ? { text: writeExactly(text, { message, ...own }) } : {}),
  }
}

/** The text of an event with the members that it gets here. */
function writeExactly(text: string, own: Readonly<Record<string, string>>): string {
  const sent = listMembers(text).map(([name, value]) => [nameOwn(name), value] as const)
  return joinMembers([
    // A message that stands twice is kept with both.
    ...sent.filter(([name, value]) => name !== 'message' || value.startsWith('"')),
    ...Object.entries(own)
      .filter(
        ([name]) => name !== 'message' || !sent.some(([one, value]) => one === name && value.startsWith('"')),
      )
      .map(([name, value]) => [name, JSON.stringify(value)] as const),
  ])
}

/** What says where an event came in is not the event's to say: a member called so gets another name. */
function withOwnNames(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (Object.keys(members).every((name) => nameOwn(name) === name)) return members
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [nameOwn(name), value]))
}

function nameOwn(name: string): string {
  const isOfOrigin = name === 'sekoiaio' || name.startsWith('sekoiaio.') || GIVEN_MEMBERS.has(name)
  return isOfOrigin ? `sent.${name}` : name
}

/**
 * What all events of an intake have in common; it is kept once for those that are stored together. Where an event says otherwise,
 * that counts. The intake's key is not in it: whoever has that may write.
 */
export function describeOrigin({
  intake,
  format,
  entity,
  organisation,
}: EventOrigin): Readonly<Record<string, string>> {
  return {
    timestamp_desc: 'Event Received',
    data_type: `intake:${format?.slug ?? 'json'}`,
    'sekoiaio.intake.uuid': intake.uid,
    'sekoiaio.intake.name': intake.name,
    'sekoiaio.intake.dialect': format?.slug ?? 'json',
    'sekoiaio.intake.dialect_uuid': intake.formatUid,
    'sekoiaio.intake.parsing_status': 'success',
    'sekoiaio.entity.uuid': entity.uid,
    'sekoiaio.entity.name': intake.sketchName,
    'sekoiaio.entity.id': entity.entityId,
    'sekoiaio.customer.community_uuid': organisation.uid,
    'sekoiaio.customer.community_name': organisation.name,
  }
}

/** The members of a text that is a JSON object; undefined for other texts, which are messages. */
function readMembers(text: string): Readonly<Record<string, unknown>> | undefined {
  if (!/^\s*\{/.test(text)) return undefined
  try {
    const value: unknown = parseJson(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    // What only begins as JSON does is a line of a log; its text is kept whole.
    return undefined
  }
}

function readOwnTime(members: Readonly<Record<string, unknown>> | undefined): bigint | undefined {
  for (const name of TIME_MEMBERS) {
    const us = readTimeUs(members?.[name])
    if (us !== undefined) return us
  }
  return undefined
}

/**
 * Microseconds since 1970 of a date of ISO 8601 (without a zone: UTC), or of a number of seconds, milliseconds, microseconds or
 * nanoseconds, told apart by their size; undefined for what is neither, and for times that nothing here holds.
 */
export function readTimeUs(value: unknown): bigint | undefined {
  if (typeof value === 'number' || (typeof value === 'string' && /^-?\d{9,19}(\.\d+)?$/.test(value))) {
    const number = Number(value)
    const size = Math.abs(number)
    const factor = size < 1e11 ? 1e6 : size < 1e14 ? 1e3 : size < 1e17 ? 1 : 1e-3
    const us = Number.isFinite(number) ? BigInt(Math.trunc(number * factor)) : undefined
    return us !== undefined && isTimeUs(us) ? us : undefined
  }
  if (typeof value !== 'string' || !/^\d{4}-/.test(value)) return undefined
  if (USUAL_TIME.test(value)) {
    const ms = Date.parse(value)
    // Date.parse takes the 31st of a short month for the 1st of the next one; the other way refuses it.
    if (new Date(ms).getUTCDate() === Number(value.slice(8, 10))) return BigInt(ms) * 1000n
  }
  return resolveDate(value, { roundUp: false, nowUs: 0n })?.us
}

/** Whether microseconds since 1970 are a time that can be kept and written. */
export function isTimeUs(us: bigint): boolean {
  return us <= FURTHEST_US && us >= -FURTHEST_US
}
