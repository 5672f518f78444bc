import type { Listing } from '../paging/listing.ts'
import { path } from '../transport/path.ts'
import { type CallOptions, type ListOptions, toValues } from './call-options.ts'
import type { Connection } from './connection.ts'

const RESPONSES = { method: 'GET', path: '/response-actions/v1/responses' } as const
const TASKS = { method: 'GET', path: '/response-actions/v1/responses/tasks' } as const
const MAX_PAGE_SIZE = 100

/** An act of responders on devices or accounts, and how far it is. */
export interface ResponseAction {
  readonly id: string
  readonly type: string
  readonly state: 'created' | 'initializing' | 'sending' | 'running' | 'canceling' | 'finished'
  readonly result?: 'succeeded' | 'failed' | 'timeout' | 'cancelled'
  readonly author?: string
  readonly comment?: string
  readonly organizationId?: string
  readonly createdTimestamp?: string
}

/** The part of a response action that one device does. */
export interface ResponseTask {
  readonly id: string
  readonly actionId: string
  readonly deviceId?: string
  readonly state: ResponseAction['state']
  readonly result?: ResponseAction['result']
}

/** A response action to carry out. */
export interface ResponseActionDraft {
  /** UUID; the client's own where it has one. */
  readonly organizationId?: string | undefined
  /** Device ids, 1 to 10. */
  readonly targets: readonly string[]
  readonly parameters?: Readonly<Record<string, unknown>> | undefined
  readonly comment?: string | undefined
}

/** Which response actions. */
export interface ResponseActionFilter {
  readonly type?: string | undefined
  readonly actionId?: string | undefined
  readonly state?: ResponseAction['state'] | undefined
  readonly result?: NonNullable<ResponseAction['result']> | undefined
  readonly deviceId?: string | undefined
  readonly author?: string | undefined
  readonly comment?: string | undefined
  readonly order?: 'asc' | 'desc' | undefined
}

/** Acts of responders: ending processes, listing them, collecting memory, blocking accounts. */
export class ResponseActions {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /**
   * Has an action carried out. @param action - `killProcess`, `enumerateProcesses`, `netstat`, `fullMemoryDump` …
   * @returns The action's id.
   */
  async execute(
    action: string,
    draft: ResponseActionDraft,
    options: CallOptions = {},
  ): Promise<{ readonly id: string }> {
    return await this.#connection.send(
      {
        method: 'POST',
        path: path`/response-actions/v1/execute/${action}`,
        json: {
          ...draft,
          organizationId: draft.organizationId ?? this.#connection.organizationId,
        },
        scope: 'write',
      },
      options,
    )
  }

  /** Actions of an organization, which has to be named here or by the client. */
  list(options: ResponseActionFilter & ListOptions = {}): Listing<ResponseAction> {
    return this.#connection.list(RESPONSES, toValues({ ...options }), options, MAX_PAGE_SIZE)
  }

  /** What became of an action on each of its targets. */
  tasks(actionId: string, options: ListOptions = {}): Listing<ResponseTask> {
    return this.#connection.list(TASKS, { ...toValues({ ...options }), actionId }, options, MAX_PAGE_SIZE)
  }
}
