/** Groups of engines. */
export const ENGINE_GROUPS = ['epp', 'edr', 'ecp', 'xm'] as const
export type EngineGroup = (typeof ENGINE_GROUPS)[number]

/** How grave a security event is. */
export type EventSeverity = 'critical' | 'warning' | 'info'

/** What security events are counted by. */
export type EventCountKey =
  | 'engine'
  | 'url'
  | 'alertType'
  | 'deviceId'
  | 'infectionName'
  | 'categories'
  | 'appliedRule'
  | 'filePath'
  | 'description'

/** Id and name of something. */
export interface Named {
  readonly id: string
  readonly name: string
}

/**
 * Something that an engine of a device, mailbox or cloud account reported. Times are RFC 3339 in UTC.
 *
 * Source: the vendor's public API description and recorded events of its open integrations.
 */
export interface SecurityEvent {
  readonly id: string
  readonly severity: EventSeverity
  /** `deepGuard`, `firewall`, `edr`, `emailScan` … */
  readonly engine: string
  /** `blocked`, `quarantined`, `reported`, `created` … */
  readonly action: string
  readonly acknowledged: boolean
  /** When the platform received it. */
  readonly serverTimestamp: string
  /** When it was stored, by which lists are ordered. */
  readonly persistenceTimestamp: string
  /** When it happened, by the clock of the device. */
  readonly clientTimestamp: string
  readonly userName?: string
  readonly eventTransactionId?: string
  readonly message?: string
  readonly description?: string
  readonly target?: Named
  readonly device?: Named & { readonly labels?: readonly string[] }
  readonly organization: Named
  /** Depends on the engine; all values are texts, times milliseconds since 1970. */
  readonly details: Readonly<Record<string, string>>
}
