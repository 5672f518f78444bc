import type {
  ElementsSecurityEvent,
  EngineGroup,
  EventCountKey,
  EventSeverity,
} from '@timeskein/model/elements'
import type { Listing } from '../paging/listing.ts'
import { Poll, type PollOptions, splitPollOptions } from '../paging/poll.ts'
import { type TimeRange, toTimestamp } from '../paging/time-input.ts'
import { type ListOptions, toValues } from './call-options.ts'
import type { Connection } from './connection.ts'
import { listByWindows } from './windowed-list.ts'

const CALL = { method: 'POST', path: '/security-events/v1/security-events' } as const
const MAX_PAGE_SIZE = 200
const ALL_GROUPS: readonly EngineGroup[] = ['epp', 'edr', 'ecp']

/** Which security events. Engines or groups of them; neither is the groups `epp`, `edr` and `ecp`. */
export interface SecurityEventFilter {
  readonly engineGroup?: EngineGroup | readonly EngineGroup[] | undefined
  /** `deepGuard`, `firewall` …; stands instead of `engineGroup`. */
  readonly engine?: string | readonly string[] | undefined
  readonly severity?: EventSeverity | readonly EventSeverity[] | undefined
  /** A device's UUID, or the address of a mailbox. */
  readonly targetId?: string | undefined
  readonly acknowledged?: boolean | undefined
  /** Of messages and descriptions: `en`, `fi`, `pt-BR` … */
  readonly language?: string | undefined
  /** UUID. @default the client's own organization and those below it */
  readonly organizationId?: string | undefined
}

/** Security events of engines in endpoints, mailboxes and clouds. */
export class SecurityEvents {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /**
   * Events that were stored in a stretch of time, however long: the platform's 30 days are taken one after another.
   *
   * @param options.start - Needed. @param options.exclusiveStart - Leaves out what was stored at `start` itself.
   * @throws {RangeError} Without a start.
   */
  list(
    options: SecurityEventFilter &
      TimeRange &
      ListOptions & { readonly order?: 'asc' | 'desc'; readonly exclusiveStart?: boolean },
  ): Listing<ElementsSecurityEvent, unknown> {
    const { start, end, order = 'desc', exclusiveStart, ...filter } = options
    return listByWindows(`${CALL.method} ${CALL.path}`, { start, end }, order, (window, anchor) =>
      this.#connection.readPage<ElementsSecurityEvent>(
        CALL,
        {
          ...toFilterValues(filter),
          persistenceTimestampStart: window.start,
          persistenceTimestampEnd: window.end,
          exclusiveStart,
          order,
        },
        filter,
        MAX_PAGE_SIZE,
        anchor,
      ),
    )
  }

  /** How many there are by one of their values, most first. A stretch of time of at most 30 days. */
  async count<Key extends EventCountKey>(
    by: Key,
    options: SecurityEventFilter & TimeRange & ListOptions,
  ): Promise<readonly (Readonly<Record<Key, string>> & { readonly count: number })[]> {
    const { start, end, ...filter } = options
    return await this.#connection.aggregate(
      {
        ...CALL,
        form: {
          ...toFilterValues(filter),
          organizationId: filter.organizationId ?? this.#connection.organizationId,
          persistenceTimestampStart: start && toTimestamp(start),
          persistenceTimestampEnd: end && toTimestamp(end),
          count: by,
        },
        isQuestion: true,
      },
      options,
    )
  }

  /**
   * Events as they are stored, each once.
   *
   * @example
   * for await (const event of elements.securityEvents.poll({ since: '24h', every: '1m' })) console.log(event.id)
   */
  poll(options: SecurityEventFilter & PollOptions = {}): Poll<ElementsSecurityEvent> {
    const { poll, rest } = splitPollOptions(options)
    return new Poll<ElementsSecurityEvent>(
      {
        list: (start, signal) => this.list({ ...rest, start, order: 'asc', signal }),
        readTime: ({ persistenceTimestamp }) => persistenceTimestamp,
        readKey: ({ id }) => id,
      },
      poll,
    )
  }
}

function toFilterValues({
  engineGroup,
  ...filter
}: SecurityEventFilter & ListOptions): ReturnType<typeof toValues> {
  return toValues(
    filter.engine === undefined ? { ...filter, engineGroup: engineGroup ?? ALL_GROUPS } : filter,
  )
}
