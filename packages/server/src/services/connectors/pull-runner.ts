import type { Selectable } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { ConnectorRow } from '../../db/connector-schema.ts'
import { DomainError } from '../../errors/domain-error.ts'
import { StretchPool } from '../../import/threads/stretch-pool.ts'
import type { ServiceContext } from '../service-context.ts'
import { findConnectorRow } from './connector-rows.ts'
import type { PullOptions, PullReport } from './connector-service.ts'
import { explainFailure } from './explain-failure.ts'
import { noteBegun, noteEnded, noteFailure, noteSuccess } from './note-outcome.ts'
import { OpenPulls, type RunningPull } from './open-pulls.ts'

/** One makes events faster than platforms give items; another would take longer to start than it saves. */
const READER_THREADS = 1

type Row = Selectable<ConnectorRow>

/** Finds a connector that the caller may pull. */
type RequireRow = (principal: Principal, name: string) => Promise<Row>

/** Carries out pulls, one of a connector at a time; owns the threads that read for them until it is stopped. */
export class PullRunner {
  readonly #context: ServiceContext
  readonly #requireRow: RequireRow
  readonly #pool = new StretchPool(READER_THREADS)
  readonly #open = new OpenPulls()
  readonly #stopping = new AbortController()
  readonly #running = new Set<Promise<unknown>>()

  constructor(context: ServiceContext, requireRow: RequireRow) {
    this.#context = context
    this.#requireRow = requireRow
  }

  /** The pull of a connector that runs now. */
  findRunning(name: string): RunningPull | undefined {
    return this.#open.findRunning(name)
  }

  async pull(
    principal: Principal,
    name: string,
    options: PullOptions & { readonly isScheduled: boolean },
  ): Promise<PullReport> {
    using open = this.#open.add(name, [this.#stopping.signal, ...(options.signal ? [options.signal] : [])])
    const { signal } = open
    const pulling = this.#context.turns.take(nameTurn(name), async () => {
      signal.throwIfAborted()
      const row = await this.#requireRow(principal, name)
      const progress = open.start(row, this.#context.now())
      return await this.#run(principal, row, {
        ...options,
        signal,
        onProgress: (step) => {
          progress(step)
          options.onProgress?.(step)
        },
      })
    })
    this.#running.add(pulling)
    try {
      return await pulling
    } finally {
      this.#running.delete(pulling)
    }
  }

  /** As `pull`; failures are noted, and not thrown. */
  async pullScheduled(principal: Principal, row: Row): Promise<void> {
    try {
      await this.pull(principal, row.name, { isScheduled: true })
    } catch (error) {
      // A pull that could not begin, its sketch being archived or deleted for example, is told of and put off all the same.
      if (!this.#stopping.signal.aborted && (await this.#isStillDue(row)))
        await noteFailure(this.#context, row, error)
    }
  }

  /** Ends the pulls of a connector, the one that runs and those that wait for their turn, and does the work when they have ended. */
  async endPulls(name: string, reason: DomainError, work: () => Promise<void>): Promise<void> {
    this.#open.end(name, reason)
    await this.#context.turns.take(nameTurn(name), work)
  }

  /** Has all pulls end, between two stretches, and takes no more. */
  end(): void {
    this.#stopping.abort(
      new DomainError(
        'unavailable',
        'stopping',
        'The server is stopping; the next pull goes on behind this one.',
      ),
    )
  }

  /** As `end`, and waits for them. */
  async stop(): Promise<void> {
    this.end()
    await Promise.allSettled(this.#running)
    await this.#pool.close()
  }

  /** Whether nobody has put the connector's next pull off; also where that cannot be seen. */
  async #isStillDue({ name, next_pull_ms }: Row): Promise<boolean> {
    const { db, log } = this.#context
    try {
      return (await findConnectorRow(db, name))?.next_pull_ms === next_pull_ms
    } catch (error) {
      log.error({ err: error, connector: name }, 'it could not be seen whether a pull was put off')
      return true
    }
  }

  async #run(
    principal: Principal,
    row: Row,
    options: PullOptions & { readonly isScheduled: boolean; readonly signal: AbortSignal },
  ): Promise<PullReport> {
    const context = this.#context
    const { ConnectorPull } = await import('./pull/pull-connector.ts')
    try {
      await noteBegun(context, row)
      const report = await new ConnectorPull(context, this.#pool, principal, row, options).run()
      await noteSuccess(context, row)
      const { cursor: _, ...counts } = report
      if (report.new + report.updated > 0 || !options.isScheduled)
        await context.audit.record(principal, {
          action: 'connector.pull',
          subject: `connector/${row.uid}`,
          sketchId: row.sketch_id,
          details: { ...counts },
        })
      return report
    } catch (error) {
      if (!options.signal.aborted)
        throw await noteFailure(context, row, await explainFailure(context, row.sketch_id, error))
      await noteEnded(context, row)
      throw options.signal.reason
    }
  }
}

/** Whoever reads or ends what a connector pulls waits for its turn under this name. */
function nameTurn(name: string): string {
  return `pull of connector ${name}`
}
