import type { ElementsAuditEntry } from '@timeskein/model/elements'
import type { Listing } from '../paging/listing.ts'
import type { TimeRange } from '../paging/time-input.ts'
import { type ListOptions, toValues } from './call-options.ts'
import type { Connection } from './connection.ts'
import { listByWindows } from './windowed-list.ts'

const CALL = { method: 'GET', path: '/audit-logs/v1/audit-logs' } as const
const MAX_PAGE_SIZE = 200

/** The platform's record of who did what. */
export class AuditLogs {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Entries of a stretch of time, however long. @param options.action - At most 20. @throws {RangeError} Without a start. */
  list(
    options: TimeRange &
      ListOptions & {
        readonly action?: string | readonly string[] | undefined
        readonly username?: string | undefined
        readonly organizationName?: string | undefined
        readonly language?: string | undefined
        readonly exclusiveStart?: boolean | undefined
        readonly order?: 'asc' | 'desc' | undefined
      },
  ): Listing<ElementsAuditEntry, unknown> {
    const { start, end, order = 'desc', ...filter } = options
    return listByWindows(`${CALL.method} ${CALL.path}`, { start, end }, order, (window, anchor) =>
      this.#connection.readPage<ElementsAuditEntry>(
        CALL,
        {
          ...toValues(filter),
          serverTimestampStart: window.start,
          serverTimestampEnd: window.end,
          order,
        },
        filter,
        MAX_PAGE_SIZE,
        anchor,
      ),
    )
  }
}
