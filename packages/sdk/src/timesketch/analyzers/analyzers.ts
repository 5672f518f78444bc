import { path } from '../../transport/path.ts'
import { waitMs } from '../../transport/wait.ts'
import type { CallOptions } from '../connection/call-options.ts'
import type { Connection } from '../connection/connection.ts'
import { readOwner } from '../users/user.ts'
import { readModels, readObject } from '../wire/envelope.ts'
import { readInstant } from '../wire/instant.ts'
import { readFlag, readId, readRecords, readText, toRecords, type WireRecord } from '../wire/record.ts'
import { type Analysis, toAnalysis } from './analysis.ts'

/** An analyzer that a server has. */
export interface AnalyzerInfo {
  readonly name: string
  readonly displayName: string
  readonly description: string
  /** It runs once for each of several sets of parameters. */
  readonly isMulti: boolean
  readonly isDfiq: boolean
}

/** Analyzers started together on one timeline. */
export interface AnalysisSession {
  readonly id: number
  readonly analyses: readonly Analysis[]
  readonly owner: string
  readonly createdAt: string | undefined
}

/** What to run. */
export interface AnalyzerRun {
  /** Names, with `*` and `?` as in a shell. */
  readonly names: readonly string[]
  readonly timelineIds: readonly number[]
  /** Parameters for each analyzer. */
  readonly parameters?: Readonly<Record<string, unknown>>
  /** Run again what has been run with the same parameters. @default false */
  readonly force?: boolean
  /** @default false */
  readonly includeDfiq?: boolean
}

/** How often a session is asked whether it has ended. */
const POLL_MS = 1000

/** Analyzers of a sketch. */
export class Analyzers {
  readonly #connection: Connection
  readonly #base: string

  constructor(connection: Connection, sketchId: number) {
    this.#connection = connection
    this.#base = path`/sketches/${sketchId}/analyzer/`
  }

  async list(options: CallOptions & { includeDfiq?: boolean } = {}): Promise<readonly AnalyzerInfo[]> {
    const answer = await this.#connection.get(this.#base, options, { include_dfiq: options.includeDfiq })
    return toRecords(answer).map((record) => ({
      name: readText(record, 'name'),
      displayName: readText(record, 'display_name'),
      description: readText(record, 'description'),
      isMulti: readFlag(record, 'is_multi'),
      isDfiq: readFlag(record, 'is_dfiq'),
    }))
  }

  /** Starts analyzers. None is started for what has been analysed already; the list is empty then. */
  async run(run: AnalyzerRun, options?: CallOptions): Promise<readonly AnalysisSession[]> {
    const body = {
      timeline_ids: run.timelineIds,
      analyzer_names: run.names,
      analyzer_kwargs: run.parameters ?? {},
      analyzer_force_run: run.force ?? false,
      include_dfiq: run.includeDfiq ?? false,
    }
    return readModels(await this.#connection.post(this.#base, body, options)).map(toSession)
  }

  async session(id: number, options?: CallOptions): Promise<AnalysisSession> {
    return toSession(readObject(await this.#connection.get(this.#base + path`sessions/${id}/`, options)))
  }

  /**
   * Ends what waits and what runs of a session, of which nothing is kept. Timeskein only: Timesketch refuses it (status 405).
   *
   * @returns The session as it ended.
   */
  async cancel(id: number, options?: CallOptions): Promise<AnalysisSession> {
    return toSession(readObject(await this.#connection.delete(this.#base + path`sessions/${id}/`, options)))
  }

  /** Ids of the sessions that have not ended. */
  async activeSessions(options?: CallOptions): Promise<readonly number[]> {
    const status = readObject(await this.#connection.get(`${this.#base}sessions/active/`, options))
    const sessions = status['sessions']
    return Array.isArray(sessions) ? sessions.map(Number) : []
  }

  /** The session after each change of it, until all its analyses have ended, in DONE or ERROR. */
  async *watch(id: number, options: CallOptions = {}): AsyncGenerator<AnalysisSession> {
    let before = ''
    for (;;) {
      const session = await this.session(id, options)
      const statuses = session.analyses.map((analysis) => analysis.status).join()
      if (statuses !== before) yield session
      before = statuses
      if (session.analyses.every(({ status }) => status === 'DONE' || status === 'ERROR')) return
      await waitMs(POLL_MS, options.signal)
    }
  }
}

function toSession(record: WireRecord): AnalysisSession {
  return {
    id: readId(record),
    analyses: readRecords(record, 'analyses').map(toAnalysis),
    owner: readOwner(record).username,
    createdAt: readInstant(record, 'created_at'),
  }
}
