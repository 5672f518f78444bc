import type {
  ElementsDetection,
  ElementsIncident,
  ElementsIncidentResolution,
  ElementsIncidentStatus,
  ElementsIncidentUpdate,
  ElementsTargetResult,
  INCIDENT_SOURCES,
  RISK_LEVELS,
} from '@timeskein/model/elements'
import type { Listing } from '../paging/listing.ts'
import { Poll, type PollOptions, splitPollOptions } from '../paging/poll.ts'
import { type TimeRange, toTimestamp } from '../paging/time-input.ts'
import { type CallOptions, type ListOptions, toValues } from './call-options.ts'
import type { Connection } from './connection.ts'
import { makeDetectionFeed } from './detection-feed.ts'
import { inBatches } from './in-batches.ts'

const LIST = { method: 'GET', path: '/incidents/v1/incidents' } as const
const DETECTIONS = { method: 'GET', path: '/incidents/v1/detections' } as const
const UPDATES = { method: 'GET', path: '/incidents/v1/updates' } as const
const MAX_PAGE_SIZE = 50
const MAX_PART_PAGE_SIZE = 100
const TARGETS_AT_ONCE = 10

type RiskLevel = (typeof RISK_LEVELS)[number]
type IncidentSource = (typeof INCIDENT_SOURCES)[number]

/** Which incidents. Times of one kind only: the platform refuses both. */
export interface IncidentFilter {
  readonly incidentId?: string | readonly string[] | undefined
  readonly archived?: boolean | undefined
  readonly status?: ElementsIncidentStatus | readonly ElementsIncidentStatus[] | undefined
  readonly resolution?: ElementsIncidentResolution | readonly ElementsIncidentResolution[] | undefined
  readonly riskLevel?: RiskLevel | readonly RiskLevel[] | undefined
  readonly source?: IncidentSource | readonly IncidentSource[] | undefined
  readonly created?: TimeRange | undefined
  readonly updated?: TimeRange | undefined
  /** Leaves out what is of the start itself. */
  readonly exclusiveStart?: boolean | undefined
  /** By the time that is filtered by, else by creation. @default 'desc' */
  readonly order?: 'asc' | 'desc' | undefined
  /** UUID. @default the client's own organization and those below it */
  readonly organizationId?: string | undefined
}

/** Incidents and their detections. */
export class Incidents {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  list(options: IncidentFilter & ListOptions = {}): Listing<ElementsIncident> {
    const { created, updated, ...filter } = options
    return this.#connection.list(
      LIST,
      {
        ...toValues({ ...filter }),
        ...toRangeValues('createdTimestamp', created),
        ...toRangeValues('updatedTimestamp', updated),
      },
      options,
      MAX_PAGE_SIZE,
    )
  }

  /** An incident; undefined where there is none of this id. */
  async get(incidentId: string, options: CallOptions = {}): Promise<ElementsIncident | undefined> {
    return await this.list({ incidentId, ...options }).first()
  }

  /** Sets the status of incidents, ten at a time; a resolution is needed to close. */
  async setStatus(
    incidentIds: string | readonly string[],
    change: {
      readonly status: ElementsIncidentStatus
      readonly resolution?: ElementsIncidentResolution | undefined
    },
    options: CallOptions = {},
  ): Promise<readonly ElementsTargetResult[]> {
    return await inBatches(incidentIds, TARGETS_AT_ONCE, async (targets) => {
      const answer = await this.#connection.send<{ readonly multistatus: readonly ElementsTargetResult[] }>(
        { method: 'PATCH', path: LIST.path, json: { targets, ...change }, scope: 'write' },
        options,
      )
      return answer.multistatus
    })
  }

  /** Writes a comment, at most 1,000 characters, on incidents, ten at a time. */
  async comment(
    incidentIds: string | readonly string[],
    comment: string,
    options: CallOptions = {},
  ): Promise<readonly { readonly incidentId: string; readonly comment: string }[]> {
    return await inBatches(incidentIds, TARGETS_AT_ONCE, async (targets) => {
      const answer = await this.#connection.send<{
        readonly items: readonly { readonly incidentId: string; readonly comment: string }[]
      }>(
        { method: 'POST', path: '/incidents/v1/comments', json: { targets, comment }, scope: 'write' },
        options,
      )
      return answer.items
    })
  }

  /** Detections of an incident, oldest first. */
  detections(
    incidentId: string,
    options: ListOptions & { readonly created?: TimeRange | undefined } = {},
  ): Listing<ElementsDetection> {
    const { created, ...rest } = options
    return this.#connection.list(
      DETECTIONS,
      { ...toValues({ ...rest }), incidentId, ...toRangeValues('createdTimestamp', created) },
      rest,
      MAX_PART_PAGE_SIZE,
    )
  }

  /** What happened to an incident. @param options.type - `comment`, `detection`, `patch` …; all where left out. */
  updates(
    incidentId: string,
    options: ListOptions & { readonly type?: string | readonly string[] | undefined } = {},
  ): Listing<ElementsIncidentUpdate> {
    return this.#connection.list(
      UPDATES,
      { ...toValues({ ...options }), incidentId },
      options,
      MAX_PART_PAGE_SIZE,
    )
  }

  /** Incidents as they are made and change: each version of one comes once. */
  poll(
    options: Omit<IncidentFilter, 'created' | 'updated' | 'order' | 'exclusiveStart'> & PollOptions = {},
  ): Poll<ElementsIncident> {
    const { poll, rest } = splitPollOptions(options)
    return new Poll<ElementsIncident>(
      {
        list: (start, signal) => this.list({ ...rest, updated: { start }, order: 'asc', signal }),
        readTime: ({ updatedTimestamp }) => updatedTimestamp,
        readKey: ({ incidentId, updatedTimestamp }) => `${incidentId} ${updatedTimestamp}`,
      },
      poll,
    )
  }

  /**
   * Detections as incidents take them in, each once: those of incidents that were updated since the look before, as the vendor advises,
   * so that it is throttled as little as can be. An incident that is met for the first time brings all that it has, also what the
   * platform received long before; so does one that changes more than 90 days after its last change.
   *
   * @param options.overlap - How late an update may become visible. @default '15m'
   */
  pollDetections(
    options: Pick<IncidentFilter, 'archived' | 'riskLevel' | 'source' | 'organizationId'> & PollOptions = {},
  ): Poll<ElementsDetection> {
    const { poll, rest } = splitPollOptions(options)
    return new Poll<ElementsDetection>(makeDetectionFeed(this, rest), {
      ...poll,
      overlap: poll.overlap ?? '15m',
    })
  }
}

function toRangeValues(name: string, range: TimeRange = {}): Readonly<Record<string, string | undefined>> {
  return {
    [`${name}Start`]: range.start && toTimestamp(range.start),
    [`${name}End`]: range.end && toTimestamp(range.end),
  }
}
