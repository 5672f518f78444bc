import type {
  ElementsResponseAction,
  ElementsResponseDraft,
  ElementsResponseTask,
} from '@timeskein/model/elements'
import type { Listing } from '../paging/listing.ts'
import { path } from '../transport/path.ts'
import { type CallOptions, type ListOptions, toValues } from './call-options.ts'
import type { Connection } from './connection.ts'

const RESPONSES = { method: 'GET', path: '/response-actions/v1/responses' } as const
const TASKS = { method: 'GET', path: '/response-actions/v1/responses/tasks' } as const
const MAX_PAGE_SIZE = 100

/** Which response actions. */
export interface ResponseActionFilter {
  readonly type?: string | undefined
  readonly actionId?: string | undefined
  readonly state?: ElementsResponseAction['state'] | undefined
  readonly result?: NonNullable<ElementsResponseAction['result']> | undefined
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
    draft: ElementsResponseDraft,
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
  list(options: ResponseActionFilter & ListOptions = {}): Listing<ElementsResponseAction> {
    return this.#connection.list(RESPONSES, toValues({ ...options }), options, MAX_PAGE_SIZE)
  }

  /** What became of an action on each of its targets. */
  tasks(actionId: string, options: ListOptions = {}): Listing<ElementsResponseTask> {
    return this.#connection.list(TASKS, { ...toValues({ ...options }), actionId }, options, MAX_PAGE_SIZE)
  }
}
