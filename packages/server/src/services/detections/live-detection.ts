import type { ApiDetectionReport } from '@timeskein/model'
import type { Principal } from '../../auth/principal.ts'
import { resolveScope } from '../explore/resolve-scope.ts'
import type { ServiceContext } from '../service-context.ts'
import { untilAborted } from '../until-aborted.ts'
import { findUnseenEvents } from './find-unseen-events.ts'
import type { LibraryRules } from './library-rules.ts'
import { type DetectEngine, runDetection } from './run-detection.ts'
import { expectUnseen, findSketchDetection, WHOLE_SKETCH } from './sketch-detection.ts'

/** Names the turns of detection over a sketch: two at once would count events twice. */
export function nameDetectionTurn(sketchId: number): string {
  return `detection of sketch ${sketchId}`
}

interface Work {
  readonly ended: Promise<ApiDetectionReport | undefined>
  hasBegun: boolean
  /** Aborts when it is not to wait until imports rest. */
  readonly hurry: AbortController
}

/** Looks at events of sketches after they were imported, behind what the importer waits for, as soon as imports rest or somebody asks. */
export class LiveDetection {
  readonly #context: ServiceContext
  readonly #engine: DetectEngine
  readonly #library: LibraryRules
  /** Of each sketch what is under way or waits, the last at the end. */
  readonly #work = new Map<number, Work[]>()
  readonly #abort = new AbortController()
  #caughtUp: Promise<void> = Promise.resolve()
  #isStopping = false
  /** Notes of events that came when no look was begun any more. */
  readonly #late: Promise<void>[] = []

  constructor(context: ServiceContext, engine: DetectEngine, library: LibraryRules) {
    this.#context = context
    this.#engine = engine
    this.#library = library
  }

  /** Events came into a sketch; returns at once. What waits already will see them too. */
  start(principal: Principal, sketchId: number): void {
    if (this.#isStopping) {
      this.#late.push(this.#expectUnseen(sketchId))
      return
    }
    const own = this.#work.get(sketchId) ?? []
    if (own.some(({ hasBegun }) => !hasBegun)) return
    const { promise, resolve } = Promise.withResolvers<ApiDetectionReport | undefined>()
    const work: Work = { ended: promise, hasBegun: false, hurry: new AbortController() }
    own.push(work)
    this.#work.set(sketchId, own)
    const { turns, untilImportsRest } = this.#context
    void untilImportsRest(work.hurry.signal)
      .then(() =>
        turns.take(nameDetectionTurn(sketchId), async () => {
          work.hasBegun = true
          return await this.#look(principal, sketchId)
        }),
      )
      .catch((error: unknown) => {
        if (!this.#abort.signal.aborted)
          this.#context.log.error({ err: error, sketchId }, 'events that came could not be looked at')
        return undefined
      })
      .then(async (report) => {
        if (!report) await this.#expectUnseen(sketchId)
        own.splice(own.indexOf(work), 1)
        if (own.length === 0) this.#work.delete(sketchId)
        resolve(report)
      })
  }

  /** Starts looks at what came and was not looked at before the last process ended; returns at once. */
  catchUp(): void {
    const { signal } = this.#abort
    const start = async (): Promise<void> => {
      for await (const { principal, sketchId } of findUnseenEvents(this.#context, signal))
        if (!this.#isStopping) this.start(principal, sketchId)
    }
    this.#caughtUp = start().catch((error: unknown) => {
      if (!signal.aborted)
        this.#context.log.error({ err: error }, 'events that nobody looked at could not be found')
    })
  }

  /** Waits until all events of a sketch that came were looked at; the report of the last look. */
  async wait(sketchId: number, signal?: AbortSignal): Promise<ApiDetectionReport | undefined> {
    await untilAborted(this.#caughtUp, signal)
    const works = this.#work.get(sketchId)
    for (const { hurry } of works ?? []) hurry.abort()
    const last = works?.at(-1)
    return last && (await untilAborted(last.ended, signal))
  }

  /** Ends what is under way when the time is up; the next look goes on where the last one that ended stood. */
  async stop(deadlineMs: number): Promise<void> {
    this.#isStopping = true
    const timer = setTimeout(() => this.#abort.abort(), deadlineMs)
    await this.#caughtUp
    const works = [...this.#work.values()].flat()
    for (const { hurry } of works) hurry.abort()
    const listEnds = (some: readonly Work[]): Promise<unknown> => Promise.all(some.map(({ ended }) => ended))
    try {
      await untilAborted(listEnds(works), this.#abort.signal)
    } catch {
      // The time is up. What waits for somebody else's turn does nothing when it comes.
      await listEnds(works.filter(({ hasBegun }) => hasBegun))
      for (const sketchId of this.#work.keys()) await this.#expectUnseen(sketchId)
    }
    clearTimeout(timer)
    this.#abort.abort()
    await Promise.all(this.#late)
  }

  async #expectUnseen(sketchId: number): Promise<void> {
    try {
      await expectUnseen(this.#context.db, sketchId)
    } catch (error) {
      this.#context.log.error({ err: error, sketchId }, 'that events may be unseen could not be noted')
    }
  }

  async #look(principal: Principal, sketchId: number): Promise<ApiDetectionReport | undefined> {
    this.#abort.signal.throwIfAborted()
    const { isLive, position } = await findSketchDetection(this.#context.db, sketchId)
    if (!isLive || (await this.#library.isEmpty())) return undefined
    const { scope } = await resolveScope(this.#context, sketchId, WHOLE_SKETCH)
    if (scope.length === 0) return undefined
    return await runDetection(this.#context, this.#engine, principal, {
      sketchId,
      scope,
      rules: await this.#library.load(),
      mode: 'live',
      since: position,
      isWhole: true,
      signal: this.#abort.signal,
    })
  }
}
