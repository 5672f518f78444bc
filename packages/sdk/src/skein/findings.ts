import type {
  ApiAlert,
  ApiAlertDetail,
  ApiFindingDecision,
  ApiFindingFilter,
  ApiIncident,
  ApiIncidentDetail,
} from '@timeskein/model'
import { path } from '../transport/path.ts'
import type { CallOptions, SendJson } from './skein-client.ts'

/** What alerts are listed, shown and decided as. */
export interface AlertShapes {
  readonly row: ApiAlert
  readonly detail: ApiAlertDetail
}
/** What incidents are listed, shown and decided as. */
export interface IncidentShapes {
  readonly row: ApiIncident
  readonly detail: ApiIncidentDetail
}

/** A page of alerts or incidents, that with the latest event first. */
export interface FindingPage<Row> {
  readonly items: readonly Row[]
  /** All that answer. */
  readonly total: number
  /** The `after` of the next page; undefined at the end. */
  readonly next: string | undefined
}

/** Alerts, or incidents. An id is the number, the uid, or the beginning of that, at least 6 digits. */
export class Findings<Shapes extends { readonly row: object; readonly detail: object }> {
  readonly #send: SendJson
  readonly #plural: string

  /** @param plural - `alerts` or `incidents`: path, and name of the list in answers. */
  constructor(send: SendJson, plural: 'alerts' | 'incidents') {
    this.#send = send
    this.#plural = plural
  }

  async readPage(filter: ApiFindingFilter & CallOptions = {}): Promise<FindingPage<Shapes['row']>> {
    const { signal, ...query } = filter
    const answer = await this.#send<
      { readonly total: number; readonly next?: string } & Record<string, unknown>
    >({
      method: 'GET',
      path: `/${this.#plural}`,
      query,
      signal,
    })
    // The server answers by the schemas that the shapes come from.
    return { items: answer[this.#plural] as Shapes['row'][], total: answer.total, next: answer.next }
  }

  /** Every one that fits, page by page. */
  async *list(filter: ApiFindingFilter & CallOptions = {}): AsyncGenerator<Shapes['row']> {
    for (let { after } = filter; ; ) {
      const { items, next } = await this.readPage({ ...filter, after })
      yield* items
      if (next === undefined) return
      after = next
    }
  }

  async get(id: string, options: CallOptions = {}): Promise<Shapes['detail']> {
    return await this.#send({ method: 'GET', path: this.#pathOf(id), signal: options.signal })
  }

  /** Closes, opens again, assigns … */
  async decide(id: string, decision: ApiFindingDecision, options: CallOptions = {}): Promise<Shapes['row']> {
    return await this.#send({
      method: 'PATCH',
      path: this.#pathOf(id),
      json: decision,
      signal: options.signal,
    })
  }

  async comment(
    id: string,
    text: string,
    options: CallOptions = {},
  ): Promise<{ readonly id: string; readonly at: string; readonly user: string; readonly text: string }> {
    return await this.#send({
      method: 'POST',
      path: `${this.#pathOf(id)}/comments`,
      json: { text },
      signal: options.signal,
    })
  }

  #pathOf(id: string): string {
    return `/${this.#plural}${path`/${id}`}`
  }
}
