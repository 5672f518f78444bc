import type {
  SekoiaAlert,
  SekoiaCase,
  SekoiaCaseChange,
  SekoiaCaseComment,
  SekoiaCaseDraft,
} from '@timeskein/model/sekoia'
import type { Listing } from '../../paging/listing.ts'
import { path } from '../../transport/path.ts'
import type { CallOptions, SekoiaConnection } from '../connection/connection.ts'
import { type ListFilter, type ListOptions, toListQuery } from '../connection/list-options.ts'

/** Which cases. */
export type CaseFilter = ListFilter<
  | 'community_uuid'
  | 'status_uuid'
  | 'status_name'
  | 'created_by'
  | 'tags'
  | 'assignees'
  | 'alert_uuid'
  | 'short_id',
  'created_at'
>

const PATH = '/v1/sic/cases'
const MAX_PAGE = 100

/** Cases: alerts and events that are looked into together. An id is the UUID or the short one. */
export class SekoiaCases {
  readonly #connection: SekoiaConnection

  constructor(connection: SekoiaConnection) {
    this.#connection = connection
  }

  list(options: CaseFilter & ListOptions = {}): Listing<SekoiaCase, number> {
    const { match, nomatch, date, ...rest } = options
    return this.#connection.list(PATH, rest, {
      maxPageSize: MAX_PAGE,
      query: toListQuery({ ...(match && { match }), ...(nomatch && { nomatch }), ...(date && { date }) }),
    })
  }

  /** A case; undefined where there is none of this id. */
  async get(id: string, options?: CallOptions): Promise<SekoiaCase | undefined> {
    return await this.#connection.find(PATH + path`/${id}`, options)
  }

  async create(draft: SekoiaCaseDraft, options?: CallOptions): Promise<SekoiaCase> {
    return await this.#connection.post(PATH, draft, options)
  }

  async update(id: string, change: SekoiaCaseChange, options?: CallOptions): Promise<SekoiaCase> {
    return await this.#connection.patch(PATH + path`/${id}`, change, options)
  }

  async delete(id: string, options?: CallOptions): Promise<void> {
    await this.#connection.delete(PATH + path`/${id}`, options)
  }

  listAlerts(id: string, options: ListOptions = {}): Listing<SekoiaAlert, number> {
    return this.#connection.list(PATH + path`/${id}/alerts`, options, { maxPageSize: MAX_PAGE })
  }

  async addAlerts(id: string, alertIds: readonly string[], options?: CallOptions): Promise<void> {
    await this.#connection.patch(PATH + path`/${id}/alerts`, { alerts: alertIds }, options)
  }

  /** @param eventIds - `__event_id` of events of a search. */
  async addEvents(id: string, eventIds: readonly string[], options?: CallOptions): Promise<void> {
    await this.#connection.post(PATH + path`/${id}/events`, { event_ids: eventIds }, options)
  }

  async removeEvent(id: string, eventId: string, options?: CallOptions): Promise<void> {
    await this.#connection.delete(PATH + path`/${id}/events/${eventId}`, options)
  }

  listComments(id: string, options: ListOptions = {}): Listing<SekoiaCaseComment, number> {
    return this.#connection.list(PATH + path`/${id}/comments`, options, { maxPageSize: MAX_PAGE })
  }

  async comment(id: string, content: string, options?: CallOptions): Promise<SekoiaCaseComment> {
    return await this.#connection.post(PATH + path`/${id}/comments`, { content }, options)
  }

  async changeComment(
    id: string,
    commentId: string,
    content: string,
    options?: CallOptions,
  ): Promise<SekoiaCaseComment> {
    return await this.#connection.patch(PATH + path`/${id}/comments/${commentId}`, { content }, options)
  }

  async deleteComment(id: string, commentId: string, options?: CallOptions): Promise<void> {
    await this.#connection.delete(PATH + path`/${id}/comments/${commentId}`, options)
  }

  /** All tags that cases have. */
  async listTags(options?: CallOptions): Promise<readonly string[]> {
    return (await this.#connection.get<{ items: string[] }>(`${PATH}/tags`, options)).items
  }
}
