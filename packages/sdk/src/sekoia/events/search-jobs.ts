import type {
  SekoiaEvent,
  SekoiaEventField,
  SekoiaExportDraft,
  SekoiaSearchJob,
  SekoiaSearchJobDraft,
  SekoiaTask,
} from '@timeskein/model/sekoia'
import { JobError } from '../../errors/job-error.ts'
import type { Listing } from '../../paging/listing.ts'
import { path } from '../../transport/path.ts'
import type { CallOptions, SekoiaConnection } from '../connection/connection.ts'
import type { ListOptions } from '../connection/list-options.ts'
import { type WaitOptions, waitUntil } from './wait-until.ts'

const PATH = '/v1/sic/conf/events/search/jobs'
/** Events of one page at most. */
export const MAX_EVENTS_PAGE = 1000
const [DONE, CANCELLED, FAILED] = [2, 3, 4]
const ENDED_TASKS: ReadonlySet<string> = new Set(['FINISHED', 'FAILED', 'CANCELED', 'CANCELLED'])

/** Searches that run by themselves. `sekoia.search()` does all of it in one. */
export class SekoiaSearchJobs {
  readonly #connection: SekoiaConnection

  constructor(connection: SekoiaConnection) {
    this.#connection = connection
  }

  /** Begins a search. It changes nothing: where the connection breaks it is begun once more. */
  async create(job: SekoiaSearchJobDraft, options?: CallOptions): Promise<SekoiaSearchJob> {
    const request = { method: 'POST', path: PATH, json: job, isQuestion: true } as const
    const found = await this.#connection.json<SekoiaSearchJob | null>(request, options)
    if (!found?.uuid) throw this.#connection.refuse(request, 'a search job with its uuid', found)
    return found
  }

  /** A search; undefined where there is none of this id. */
  async get(uuid: string, options?: CallOptions): Promise<SekoiaSearchJob | undefined> {
    return await this.#connection.find(PATH + path`/${uuid}`, options)
  }

  /** Visible searches of before. */
  list(options: ListOptions = {}): Listing<SekoiaSearchJob, number> {
    return this.#connection.list(PATH, options, { maxPageSize: 100 })
  }

  async cancel(uuid: string, options?: CallOptions): Promise<void> {
    await this.#connection.delete(PATH + path`/${uuid}`, options)
  }

  /** Waits for a search to be done. @throws {JobError} When it fails or is cancelled. */
  async wait(uuid: string, options: WaitOptions & CallOptions = {}): Promise<SekoiaSearchJob> {
    const job = await waitUntil(
      'the search job',
      () => this.#connection.get<SekoiaSearchJob>(PATH + path`/${uuid}`, options),
      ({ status }) => status >= DONE,
      options,
    )
    if (job.status === CANCELLED) throw new JobError('search job', uuid, 'was cancelled')
    if (job.status === FAILED)
      throw new JobError('search job', uuid, `failed${typeof job.error === 'string' ? `: ${job.error}` : ''}`)
    return job
  }

  /** The events of a search that is done, newest first. */
  listEvents(uuid: string, options: ListOptions = {}): Listing<SekoiaEvent, number> {
    return this.#connection.list(PATH + path`/${uuid}/events`, options, { maxPageSize: MAX_EVENTS_PAGE })
  }

  /** The fields of the events of a search that is done, with their most common values. */
  listFields(uuid: string, options: ListOptions = {}): Listing<SekoiaEventField, number> {
    return this.#connection.list(PATH + path`/${uuid}/fields`, options, { maxPageSize: 100 })
  }

  /**
   * Has all events of a search that is done written to a file, and waits for it.
   *
   * @returns Where the file is: JSON lines, compressed by gzip, to be fetched without the key.
   * @throws {JobError} When it fails.
   */
  async export(
    uuid: string,
    wanted: SekoiaExportDraft = {},
    options: WaitOptions & CallOptions = {},
  ): Promise<string | undefined> {
    const { task_uuid: taskUuid } = await this.#connection.post<{ task_uuid: string }>(
      PATH + path`/${uuid}/export`,
      wanted,
      options,
    )
    const task = await waitUntil(
      'the export',
      () => this.getTask(taskUuid, options),
      ({ status }) => ENDED_TASKS.has(status),
      options,
    )
    if (task.status !== 'FINISHED')
      throw new JobError(
        'export',
        taskUuid,
        `failed: ${task.message ?? task.attributes.error ?? task.status}`,
      )
    return task.attributes.download_url ?? undefined
  }

  async getTask(uuid: string, options?: CallOptions): Promise<SekoiaTask> {
    return await this.#connection.get(path`/v1/tasks/${uuid}`, options)
  }
}
