import { z } from 'zod'
import { elementsNamedSchema } from './page.ts'

/** Groups of engines. */
export const ENGINE_GROUPS = ['epp', 'edr', 'ecp', 'xm'] as const
/** Groups of engines. */
export type EngineGroup = (typeof ENGINE_GROUPS)[number]

/** How grave a security event is. */
export const EVENT_SEVERITIES = ['critical', 'warning', 'info'] as const
/** How grave a security event is. */
export type EventSeverity = (typeof EVENT_SEVERITIES)[number]

/** What security events are counted by. */
export const EVENT_COUNT_KEYS = [
  'engine',
  'url',
  'alertType',
  'deviceId',
  'infectionName',
  'categories',
  'appliedRule',
  'filePath',
  'description',
] as const
/** What security events are counted by. */
export type EventCountKey = (typeof EVENT_COUNT_KEYS)[number]

/**
 * Something that an engine of a device, mailbox or cloud account reported. Times are RFC 3339 in UTC.
 *
 * Source: the vendor's public API description and recorded events of its open integrations.
 */
export const elementsSecurityEventSchema = z.looseObject({
  id: z.string(),
  severity: z.enum(EVENT_SEVERITIES),
  /** `deepGuard`, `firewall`, `edr`, `emailScan` … */
  engine: z.string(),
  /** `blocked`, `quarantined`, `reported`, `created` … */
  action: z.string(),
  acknowledged: z.boolean(),
  /** When the platform received it. */
  serverTimestamp: z.string(),
  /** When it was stored, by which lists are ordered. */
  persistenceTimestamp: z.string(),
  /** When it happened, by the clock of the device. */
  clientTimestamp: z.string(),
  userName: z.string().optional(),
  eventTransactionId: z.string().optional(),
  message: z.string().optional(),
  description: z.string().optional(),
  target: elementsNamedSchema.optional(),
  device: elementsNamedSchema.extend({ labels: z.array(z.string()).optional() }).optional(),
  organization: elementsNamedSchema,
  /** Depends on the engine; all values are texts, times milliseconds since 1970. */
  details: z.record(z.string(), z.string()),
})
/**
 * Something that an engine of a device, mailbox or cloud account reported. Times are RFC 3339 in UTC.
 *
 * Source: the vendor's public API description and recorded events of its open integrations.
 */
export type ElementsSecurityEvent = z.infer<typeof elementsSecurityEventSchema>
