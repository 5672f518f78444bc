import { path } from '../../transport/path.ts'
import type { CallOptions } from '../connection/call-options.ts'
import type { Connection } from '../connection/connection.ts'
import { readOwner } from '../users/user.ts'
import { readModels, readObject } from '../wire/envelope.ts'
import { readId, readOptionalText, readRecords, readText, type WireRecord } from '../wire/record.ts'
import { readStatus } from '../wire/status.ts'
import { type Question, toQuestion } from './question.ts'

/** A part of a scenario. */
export interface Facet {
  readonly id: number
  readonly uuid: string
  readonly name: string
  readonly displayName: string
  readonly description: string
  readonly dfiqId: string | undefined
  readonly questions: readonly Question[]
}

/** A case of a kind, with the questions that such a case asks. */
export interface Scenario {
  readonly id: number
  readonly uuid: string
  readonly name: string
  readonly displayName: string
  readonly description: string
  readonly dfiqId: string | undefined
  readonly status: string
  readonly facets: readonly Facet[]
  readonly owner: string
}

/** Scenarios of a sketch. */
export class Scenarios {
  readonly #connection: Connection
  readonly #base: string

  constructor(connection: Connection, sketchId: number) {
    this.#connection = connection
    this.#base = path`/sketches/${sketchId}/scenarios/`
  }

  async list(options: CallOptions & { status?: string } = {}): Promise<readonly Scenario[]> {
    const query = { status: options.status }
    return readModels(await this.#connection.get(this.#base, options, query)).map(toScenario)
  }

  async get(id: number, options?: CallOptions): Promise<Scenario> {
    return toScenario(readObject(await this.#connection.get(this.#base + path`${id}/`, options)))
  }

  /** From a template (`Timesketch.scenarioTemplates`), by one of the three. */
  async create(
    template: { readonly uuid: string } | { readonly dfiqId: string } | { readonly name: string },
    options?: CallOptions,
  ): Promise<Scenario> {
    const body =
      'uuid' in template
        ? { uuid: template.uuid }
        : 'dfiqId' in template
          ? { dfiq_id: template.dfiqId }
          : { display_name: template.name }
    return toScenario(readObject(await this.#connection.post(this.#base, body, options)))
  }

  async rename(id: number, displayName: string, options?: CallOptions): Promise<Scenario> {
    const answer = await this.#connection.post(
      this.#base + path`${id}/`,
      { scenario_name: displayName },
      options,
    )
    return toScenario(readObject(answer))
  }

  async setStatus(id: number, status: string, options?: CallOptions): Promise<Scenario> {
    return toScenario(
      readObject(await this.#connection.post(this.#base + path`${id}/status/`, { status }, options)),
    )
  }

  async facets(id: number, options?: CallOptions): Promise<readonly Facet[]> {
    return readModels(await this.#connection.get(this.#base + path`${id}/facets/`, options)).map(toFacet)
  }

  /** Questions of the scenario that belong to no facet. */
  async questions(id: number, options?: CallOptions): Promise<readonly Question[]> {
    return readModels(await this.#connection.get(this.#base + path`${id}/questions/`, options)).map(
      toQuestion,
    )
  }

  async facetQuestions(id: number, facetId: number, options?: CallOptions): Promise<readonly Question[]> {
    const place = this.#base + path`${id}/facets/${facetId}/questions/`
    return readModels(await this.#connection.get(place, options)).map(toQuestion)
  }
}

function toScenario(record: WireRecord): Scenario {
  return {
    ...toNames(record),
    status: readStatus(record),
    facets: readRecords(record, 'facets').map(toFacet),
    owner: readOwner(record).username,
  }
}

function toFacet(record: WireRecord): Facet {
  return { ...toNames(record), questions: readRecords(record, 'questions').map(toQuestion) }
}

function toNames(record: WireRecord): Omit<Facet, 'questions'> {
  return {
    id: readId(record),
    uuid: readText(record, 'uuid'),
    name: readText(record, 'name'),
    displayName: readText(record, 'display_name'),
    description: readText(record, 'description'),
    dfiqId: readOptionalText(record, 'dfiq_identifier'),
  }
}
