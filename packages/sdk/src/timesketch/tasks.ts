import type { ExactJson } from '../transport/exact-json.ts'
import type { CallOptions } from './connection/call-options.ts'
import type { Connection } from './connection/connection.ts'
import { readFlat } from './wire/envelope.ts'
import { readFlag, readOptionalText, readText, type WireRecord } from './wire/record.ts'

/** Work that a server does behind an answer, such as indexing an upload. */
export interface Task {
  readonly id: string
  readonly name: string | undefined
  /** PENDING, STARTED, SUCCESS, FAILURE, RETRY, REVOKED; unknown ones are PENDING. */
  readonly state: string
  readonly isSuccessful: boolean
  readonly result: ExactJson
}

/** Work of a server. */
export class Tasks {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** The caller's work that is under way. */
  async list(options?: CallOptions): Promise<readonly Task[]> {
    return readFlat(await this.#connection.get('/tasks/', options)).map(toTask)
  }

  async get(id: string, options?: CallOptions): Promise<Task | undefined> {
    return readFlat(await this.#connection.get('/tasks/', options, { job_id: id })).map(toTask)[0]
  }
}

function toTask(record: WireRecord): Task {
  return {
    id: readText(record, 'task_id'),
    name: readOptionalText(record, 'name'),
    state: readText(record, 'state'),
    isSuccessful: readFlag(record, 'successful'),
    result: record['result'] ?? null,
  }
}
