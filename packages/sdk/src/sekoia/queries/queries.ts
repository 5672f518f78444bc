import type {
  SekoiaQueryRun,
  SekoiaQueryRunDraft,
  SekoiaSavedQuery,
  SekoiaSavedQueryDraft,
} from '@timeskein/model/sekoia'
import { JobError } from '../../errors/job-error.ts'
import { Listing } from '../../paging/listing.ts'
import { path } from '../../transport/path.ts'
import { type CallOptions, type SekoiaConnection, toPage } from '../connection/connection.ts'
import { type ListFilter, type ListOptions, toListQuery } from '../connection/list-options.ts'
import { type WaitOptions, waitUntil } from '../events/wait-until.ts'

/** What a program is run with. */
export interface QueryRunOptions extends CallOptions, WaitOptions {
  /** By name: `{ time: { start: '-7d', end: 'now' } }`. */
  readonly parameters?: Readonly<Record<string, unknown>> | undefined
  readonly communities?: readonly string[] | undefined
  /** Only events of these intakes. */
  readonly intakes?: readonly string[] | undefined
  /** @default 1,000 */
  readonly pageSize?: number | undefined
  /** Told, before the first row, why the rows may not be all there are. @default nobody is told */
  readonly onWarning?: ((warning: string) => void) | undefined
}

/** A row that a program found, by its columns. */
export type QueryRow = Readonly<Record<string, unknown>>

/** A run, and how many of its rows were read. */
export interface RunCursor {
  readonly runUuid: string
  readonly offset: number
}

const PATH = '/v1/notebooks/queries'
const PAGE = 1000

/** Programs in SOL. */
export class SekoiaQueries {
  readonly #connection: SekoiaConnection

  constructor(connection: SekoiaConnection) {
    this.#connection = connection
  }

  /** Queries that were saved. */
  list(
    options: ListFilter<'uuid' | 'name' | 'visualization' | 'is_shared' | 'created_by'> & ListOptions = {},
  ): Listing<SekoiaSavedQuery, number> {
    const { match, nomatch: _, ...rest } = options
    return this.#connection.list(PATH, rest, { maxPageSize: 100, query: toListQuery(match ? { match } : {}) })
  }

  /** A query that was saved; undefined where there is none of this id. */
  async get(uuid: string, options?: CallOptions): Promise<SekoiaSavedQuery | undefined> {
    return await this.#connection.find(PATH + path`/${uuid}`, options)
  }

  async create(query: SekoiaSavedQueryDraft, options?: CallOptions): Promise<SekoiaSavedQuery> {
    return await this.#connection.post(PATH, query, options)
  }

  async update(uuid: string, query: SekoiaSavedQueryDraft, options?: CallOptions): Promise<SekoiaSavedQuery> {
    return await this.#connection.put(PATH + path`/${uuid}`, query, options)
  }

  async delete(uuid: string, options?: CallOptions): Promise<void> {
    await this.#connection.delete(PATH + path`/${uuid}`, options)
  }

  /** Rows of a program. It is run when the first page is asked for. */
  run<Row = QueryRow>(program: string, options: QueryRunOptions = {}): Listing<Row, RunCursor> {
    const { communities, intakes } = options
    return this.#listRows(
      {
        query_definition: {
          ql_query: program,
          ...(communities && { community_uuids: [...communities] }),
          ...(intakes && { intake_uuids: [...intakes] }),
        },
      },
      options,
    )
  }

  /** Rows of a saved query. */
  runSaved<Row = QueryRow>(uuid: string, options: QueryRunOptions = {}): Listing<Row, RunCursor> {
    return this.#listRows({ query_uuid: uuid }, options)
  }

  /** A run that `start` began, and a page of its rows. */
  async getRun(
    runUuid: string,
    options: CallOptions & { readonly limit?: number; readonly offset?: number } = {},
  ): Promise<SekoiaQueryRun> {
    const { limit = PAGE, offset = 0, ...call } = options
    return await this.#connection.get(PATH + path`/runs/${runUuid}`, call, { limit, offset })
  }

  /** All rows as a text. @throws {ApiError} `NO_RESULTS` where there is no row. */
  async download(runUuid: string, format: 'jsonl' | 'csv', options?: CallOptions): Promise<string> {
    return await this.#connection.text(
      {
        method: 'GET',
        path: PATH + path`/runs/${runUuid}/download`,
        query: { download_format: format },
      },
      options,
    )
  }

  /** Begins a run and waits for it. @throws {JobError} When it fails. */
  async start(
    draft: SekoiaQueryRunDraft,
    options: WaitOptions & CallOptions = {},
  ): Promise<Pick<SekoiaQueryRun, 'uuid' | 'total' | 'warnings'>> {
    const { uuid } = await this.#connection.json<{ uuid: string }>(
      { method: 'POST', path: `${PATH}/runs`, json: draft, isQuestion: true },
      options,
    )
    const run = await waitUntil(
      'the run of the query',
      () => this.getRun(uuid, { ...toCall(options), limit: 1 }),
      ({ status }) => status !== 'pending' && status !== 'running',
      options,
    )
    if (run.status === 'error') throw new JobError('run', uuid, `failed: ${run.error ?? 'nothing said why'}`)
    return run
  }

  async #begin(draft: SekoiaQueryRunDraft, options: QueryRunOptions): Promise<RunCursor> {
    const { uuid, warnings = [] } = await this.start(
      { ...draft, query_parameters: options.parameters ?? null },
      options,
    )
    for (const warning of warnings) options.onWarning?.(warning)
    return { runUuid: uuid, offset: 0 }
  }

  #listRows<Row>(draft: SekoiaQueryRunDraft, options: QueryRunOptions): Listing<Row, RunCursor> {
    const limit = options.pageSize ?? PAGE
    return new Listing<Row, RunCursor>('run a query', async (cursor) => {
      const begun = cursor ?? (await this.#begin(draft, options))
      const run = await this.getRun(begun.runUuid, { ...toCall(options), limit, offset: begun.offset })
      const page = toPage({ items: run.results as Row[], total: run.total }, begun.offset, limit)
      return {
        ...page,
        next: page.next === undefined ? undefined : { runUuid: begun.runUuid, offset: page.next },
      }
    })
  }
}

function toCall({ signal, timeoutMs }: CallOptions): CallOptions {
  return { signal, timeoutMs }
}
