import type {
  SekoiaAlert,
  SekoiaAlertChange,
  SekoiaAlertComment,
  SekoiaCommentDraft,
  SekoiaKillChain,
  SekoiaWorkflow,
} from '@timeskein/model/sekoia'
import { SEKOIA_ALERT_ACTIONS, type SekoiaAlertAction } from '@timeskein/model/sekoia/alert-workflow'
import type { Listing } from '../../paging/listing.ts'
import type { Poll, PollOptions } from '../../paging/poll.ts'
import { path } from '../../transport/path.ts'
import type { CallOptions, SekoiaConnection } from '../connection/connection.ts'
import { type ListFilter, type ListOptions, toListQuery } from '../connection/list-options.ts'
import { pollAlerts } from './poll-alerts.ts'

/** Which alerts. */
export interface AlertFilter
  extends ListFilter<
    | 'community_uuid'
    | 'entity_name'
    | 'entity_uuid'
    | 'status_uuid'
    | 'status_name'
    | 'type_category'
    | 'type_value'
    | 'source'
    | 'target'
    | 'node'
    | 'stix_object'
    | 'rule_uuid'
    | 'rule_name'
    | 'detection_type'
    | 'uuid'
    | 'title'
    | 'asset_uuid'
    | 'urgency_display'
    | 'case_short_id'
    | 'assignee'
    | 'custom_status_uuid'
    | 'verdict_uuid'
    | 'short_id',
    'created_at' | 'updated_at',
    'urgency' | 'similar'
  > {
  /** Id of an alert whose likes are wanted. */
  readonly similarTo?: string | undefined
  readonly isAssignedToCase?: boolean | undefined
}

const PATH = '/v1/sic/alerts'
/** Alerts of one page at most. */
const MAX_PAGE = 100

/** Alerts. An id is the UUID or the short one. */
export class SekoiaAlerts {
  readonly #connection: SekoiaConnection

  constructor(connection: SekoiaConnection) {
    this.#connection = connection
  }

  list(options: AlertFilter & ListOptions = {}): Listing<SekoiaAlert, number> {
    const { match, nomatch, date, range, similarTo, isAssignedToCase, ...rest } = options
    return this.#connection.list(PATH, rest, {
      maxPageSize: MAX_PAGE,
      query: {
        ...toListQuery({
          ...(match && { match }),
          ...(nomatch && { nomatch }),
          ...(date && { date }),
          ...(range && { range }),
        }),
        similar_to: similarTo,
        is_assigned_to_case: isAssignedToCase,
      },
    })
  }

  /** Alerts as they come and change: one that has changed comes again. */
  poll(options: PollOptions & Pick<AlertFilter, 'match' | 'nomatch'> & CallOptions = {}): Poll<SekoiaAlert> {
    return pollAlerts(this, options)
  }

  /** An alert with its remarks and history; undefined where there is none of this id. */
  async get(id: string, options?: CallOptions): Promise<SekoiaAlert | undefined> {
    return await this.#connection.find(PATH + path`/${id}`, options, {
      comments: true,
      history: true,
      countermeasures: true,
      cases: true,
    })
  }

  /** A phase of an attack, by its UUID or by what alerts have in `kill_chain_short_id`; undefined where there is none. */
  async getKillChain(id: string, options?: CallOptions): Promise<SekoiaKillChain | undefined> {
    return await this.#connection.find(path`/v1/sic/kill-chains/${id}`, options)
  }

  async update(id: string, change: SekoiaAlertChange, options?: CallOptions): Promise<SekoiaAlert> {
    return await this.#connection.patch(PATH + path`/${id}`, change, options)
  }

  /** What can be done with it now. */
  async listActions(id: string, options?: CallOptions): Promise<SekoiaWorkflow['actions']> {
    return (await this.#connection.get<SekoiaWorkflow>(PATH + path`/${id}/workflow`, options)).actions
  }

  /** Moves it on. @param action - A name, or the id of an action or of a status. */
  async act(
    id: string,
    action: SekoiaAlertAction | (string & {}),
    options: CallOptions & { readonly comment?: string | undefined } = {},
  ): Promise<void> {
    const known = Object.hasOwn(SEKOIA_ALERT_ACTIONS, action)
      ? SEKOIA_ALERT_ACTIONS[action as SekoiaAlertAction].id
      : action
    const { comment, ...call } = options
    await this.#connection.patch(
      PATH + path`/${id}/workflow`,
      { action_uuid: known, ...(comment === undefined ? {} : { comment }) },
      call,
    )
  }

  listComments(id: string, options: ListOptions = {}): Listing<SekoiaAlertComment, number> {
    return this.#connection.list(PATH + path`/${id}/comments`, options, { maxPageSize: MAX_PAGE })
  }

  async comment(id: string, comment: SekoiaCommentDraft, options?: CallOptions): Promise<SekoiaAlertComment> {
    return await this.#connection.post(PATH + path`/${id}/comments`, comment, options)
  }
}
