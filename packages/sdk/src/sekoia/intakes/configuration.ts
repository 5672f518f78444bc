import type {
  SekoiaEntity,
  SekoiaEntityDraft,
  SekoiaFormat,
  SekoiaIntake,
  SekoiaIntakeDraft,
} from '@timeskein/model/sekoia'
import { Listing } from '../../paging/listing.ts'
import { path } from '../../transport/path.ts'
import { type CallOptions, type SekoiaConnection, toPage } from '../connection/connection.ts'
import { type ListFilter, type ListOptions, toListQuery } from '../connection/list-options.ts'

const ENTITIES = '/v1/sic/conf/entities'
const INTAKES = '/v1/sic/conf/intakes'
const FORMATS = '/v1/ingest/formats'
const MAX_PAGE = 100

/** Parts of an organisation whose events are told apart. */
export class SekoiaEntities {
  readonly #connection: SekoiaConnection

  constructor(connection: SekoiaConnection) {
    this.#connection = connection
  }

  list(options: ListFilter<'name' | 'uuid'> & ListOptions = {}): Listing<SekoiaEntity, number> {
    const { match, nomatch: _, ...rest } = options
    return this.#connection.list(ENTITIES, rest, {
      maxPageSize: MAX_PAGE,
      query: toListQuery(match ? { match } : {}),
    })
  }

  /** An entity; undefined where there is none of this id. */
  async get(uuid: string, options?: CallOptions): Promise<SekoiaEntity | undefined> {
    return await this.#connection.find(ENTITIES + path`/${uuid}`, options)
  }

  async create(entity: SekoiaEntityDraft, options?: CallOptions): Promise<SekoiaEntity> {
    return await this.#connection.post(ENTITIES, entity, options)
  }

  /** Sets all of an entity. */
  async update(uuid: string, entity: SekoiaEntityDraft, options?: CallOptions): Promise<SekoiaEntity> {
    return await this.#connection.put(ENTITIES + path`/${uuid}`, entity, options)
  }

  async delete(uuid: string, options?: CallOptions): Promise<void> {
    await this.#connection.delete(ENTITIES + path`/${uuid}`, options)
  }
}

/** Ways in for events. */
export class SekoiaIntakes {
  readonly #connection: SekoiaConnection

  constructor(connection: SekoiaConnection) {
    this.#connection = connection
  }

  list(
    options: ListFilter<'name' | 'uuid' | 'format_uuid'> & ListOptions = {},
  ): Listing<SekoiaIntake, number> {
    const { match, nomatch: _, ...rest } = options
    return this.#connection.list(INTAKES, rest, {
      maxPageSize: MAX_PAGE,
      query: toListQuery(match ? { match } : {}),
    })
  }

  /** An intake; undefined where there is none of this id. */
  async get(uuid: string, options?: CallOptions): Promise<SekoiaIntake | undefined> {
    return await this.#connection.find(INTAKES + path`/${uuid}`, options)
  }

  /** Its `intake_key` is what events are sent with. */
  async create(intake: SekoiaIntakeDraft, options?: CallOptions): Promise<SekoiaIntake> {
    return await this.#connection.post(INTAKES, intake, options)
  }

  async update(
    uuid: string,
    change: Partial<SekoiaIntakeDraft>,
    options?: CallOptions,
  ): Promise<SekoiaIntake> {
    return await this.#connection.patch(INTAKES + path`/${uuid}`, change, options)
  }

  async delete(uuid: string, options?: CallOptions): Promise<void> {
    await this.#connection.delete(INTAKES + path`/${uuid}`, options)
  }

  /** Formats that intakes can have. */
  listFormats(
    options: ListFilter<'name'> & CallOptions & { readonly pageSize?: number } = {},
  ): Listing<SekoiaFormat, number> {
    const { match, nomatch: _, pageSize = MAX_PAGE, ...call } = options
    return new Listing<SekoiaFormat, number>(`GET ${FORMATS}`, async (start = 0) => {
      const page = await this.#connection.get<{ items?: SekoiaFormat[]; total?: number }>(FORMATS, call, {
        ...toListQuery(match ? { match } : {}),
        sizePage: pageSize,
        indexPage: start / pageSize,
      })
      const { next, ...rest } = toPage(page, start, pageSize)
      return { ...rest, next: next === undefined ? undefined : start + pageSize }
    })
  }

  /** A format; undefined where there is none of this id. */
  async getFormat(uuid: string, options?: CallOptions): Promise<SekoiaFormat | undefined> {
    return await this.#connection.find(FORMATS + path`/${uuid}`, options)
  }
}
