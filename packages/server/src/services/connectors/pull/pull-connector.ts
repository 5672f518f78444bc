import type { Platform } from '@timeskein/ingest/platforms'
import type { Selectable } from 'kysely'
import type { Principal } from '../../../auth/principal.ts'
import type { ConnectorRow } from '../../../db/connector-schema.ts'
import type { StretchPool } from '../../../import/threads/stretch-pool.ts'
import { noteChange } from '../../changes/note-change.ts'
import type { ServiceContext } from '../../service-context.ts'
import { isKnownAccount } from '../accounts.ts'
import { makeGuardedFetch } from '../address/guarded-fetch.ts'
import { namePurpose, readSettings, toTimes } from '../connector-rows.ts'
import type { PullOptions, PullReport } from '../connector-service.ts'
import { findAccount } from '../sources/find-account.ts'
import { openSource } from '../sources/open-source.ts'
import type { PlatformSource, SourceStream } from '../sources/platform-source.ts'
import { readAhead } from '../sources/read-ahead.ts'
import { BatchQueue } from './batch-queue.ts'
import { ConnectorTimeline } from './connector-timeline.ts'
import { PlatformClock } from './platform-clock.ts'
import type { StreamCursor, StreamCursors } from './pull-batch.ts'
import { ItemReader } from './read-items.ts'
import { beginStreams, chooseStart } from './stream-start.ts'

const HOUR_MS = 3_600_000
/**
 * How far a look goes back behind the last item that was read: items may be written late. Further where somebody asks for a pull than
 * where one follows the other, and of these further in the first of an hour.
 */
const LATE_MS = { scheduled: HOUR_MS / 4, hourly: 24 * HOUR_MS, asked: 7 * 24 * HOUR_MS }
/** Items of one commit at most, and milliseconds after which what is there is committed. */
const BATCH_ITEMS = 10_000
const BATCH_MS = 3000
/**
 * Items of the first commit of a stream, of which each is twice as large as the one before: storing begins while more is read. So many
 * again where one has kept somebody else from writing.
 */
const FIRST_BATCH_ITEMS = 2500
/** Pages that are asked for while others are stored: a batch of the smallest ones has 50. */
const PAGES_AHEAD = 10

type Row = Selectable<ConnectorRow>

/** What of a connector says how its platform is reached. */
export type ConnectorReach = Pick<
  Row,
  'uid' | 'platform' | 'url' | 'settings_json' | 'sealed_secret' | 'is_private_allowed'
>

/** A platform as a connector reaches it; to be disposed of. @param clock - Told what the platform says of the time. */
export async function openConnectorSource(
  { secrets }: Pick<ServiceContext, 'secrets'>,
  row: ConnectorReach,
  clock?: PlatformClock,
): Promise<PlatformSource & Disposable> {
  const settings = readSettings(row)
  using undo = new DisposableStack()
  const { fetch } = undo.use(
    makeGuardedFetch({
      isPrivateAllowed: row.is_private_allowed === 1,
      isLoopbackAllowed: settings.isLoopbackAllowed,
    }),
  )
  const source = openSource(row.platform as Platform, {
    url: row.url,
    clientId: settings.clientId,
    organisationId: settings.organisationId,
    secret: await secrets.open(row.sealed_secret, namePurpose(row.uid)),
    fetch: clock === undefined ? fetch : clock.watch(fetch),
  })
  const kept = undo.move()
  return { ...source, [Symbol.dispose]: () => kept.dispose() }
}

/** One pull of a connector; what of it is stored when it fails is whole. */
export class ConnectorPull {
  readonly #context: ServiceContext
  readonly #principal: Principal
  readonly #row: Row
  readonly #options: PullOptions
  readonly #isScheduled: boolean
  readonly #timeline: ConnectorTimeline
  readonly #queue: BatchQueue
  #items = new ItemReader()
  #cursors: Record<string, StreamCursor> = {}
  #sinceMs = 0
  readonly #clock = new PlatformClock()
  /** Items that are enough for the next one. */
  #batchItems = FIRST_BATCH_ITEMS

  /** @param isScheduled - What is listed as a whole is left out until its time has come. */
  constructor(
    context: ServiceContext,
    pool: StretchPool,
    principal: Principal,
    row: Row,
    options: PullOptions & { readonly isScheduled: boolean },
  ) {
    this.#context = context
    this.#principal = principal
    this.#row = row
    this.#options = options
    this.#isScheduled = options.isScheduled
    this.#timeline = new ConnectorTimeline(context, principal, row)
    this.#queue = new BatchQueue({ context, pool, connector: row }, this.#timeline, ({ hasHeldUp }) => {
      if (hasHeldUp) this.#batchItems = FIRST_BATCH_ITEMS
    })
  }

  async run(): Promise<PullReport> {
    await this.#queue.finishLast()
    using source = await openConnectorSource(this.#context, this.#row, this.#clock)
    try {
      // Once, since whoever asks while something is stored waits for that.
      const cursors = await this.#beginStreams(source.streams)
      for (const stream of source.streams) {
        const cursor = cursors[stream.name]
        if (this.#isDue(stream, cursor)) await this.#read(stream, cursor)
      }
      await this.#queue.end()
      if (!isKnownAccount(this.#row.account)) await this.#noteAccount(source)
    } finally {
      // Nothing may be stored behind the caller's back.
      await this.#queue.end()
    }
    await this.#tell()
    return { ...this.#queue.counts, cursor: toTimes(await this.#readCursors()) }
  }

  async #readCursors(): Promise<StreamCursors> {
    const { cursors_json } = await this.#context.db
      .selectFrom('connectors')
      .select('cursors_json')
      .where('uid', '=', this.#row.uid)
      .executeTakeFirstOrThrow()
    return JSON.parse(cursors_json) as StreamCursors
  }

  /** Where all streams go on. From where they begin is kept before the first of them is read, however this pull ends. */
  async #beginStreams(streams: readonly SourceStream[]): Promise<StreamCursors> {
    const cursors = await this.#readCursors()
    const { since } = this.#options
    if (since === undefined) return cursors
    const names = streams.map(({ name }) => name)
    const begun = beginStreams(names, cursors, since)
    this.#cursors = { ...begun }
    await this.#flush()
    await this.#queue.end()
    return { ...cursors, ...begun }
  }

  /** Of connectors that were made when nobody asked for it, or the platform did not tell. Nothing that was pulled hangs on it. */
  async #noteAccount(source: PlatformSource): Promise<void> {
    const { signal = new AbortController().signal } = this.#options
    const { uid, name, account: before } = this.#row
    let account: string
    try {
      account = await findAccount(source, signal)
    } catch (error) {
      signal.throwIfAborted()
      this.#context.log.warn(
        { err: error, connector: name },
        'whose items are pulled is asked again next time',
      )
      return
    }
    // Other credentials may have been given meanwhile.
    await this.#context.db
      .updateTable('connectors')
      .set({ account })
      .where('uid', '=', uid)
      .where('account', '=', before)
      .execute()
  }

  /** By the clock of this machine, whichever way it was set meanwhile. */
  #isDue({ wholeEveryMs }: SourceStream, { readAt: last }: StreamCursor = {}): boolean {
    if (!this.#isScheduled || wholeEveryMs === undefined || last === undefined) return true
    return Math.abs(this.#context.now() - Date.parse(last)) >= wholeEveryMs
  }

  #chooseLateMs(): number {
    if (!this.#isScheduled) return LATE_MS.asked
    const isOfLastHour =
      Math.floor((this.#row.last_pull_ms ?? 0) / HOUR_MS) === Math.floor(this.#context.now() / HOUR_MS)
    return isOfLastHour ? LATE_MS.scheduled : LATE_MS.hourly
  }

  async #read(stream: SourceStream, cursor: StreamCursor = {}): Promise<void> {
    const { name } = stream
    let { upTo } = cursor
    const begun = cursor.since === undefined ? {} : { since: cursor.since }
    const lateMs = Math.max(this.#chooseLateMs(), stream.lateMs ?? 0)
    const { signal = new AbortController().signal, onProgress } = this.#options
    const since = chooseStart(cursor, lateMs)
    let read = 0
    this.#batchItems = FIRST_BATCH_ITEMS
    this.#sinceMs = performance.now()
    const pages = readAhead((ended) => stream.read({ since, signal: ended }), { most: PAGES_AHEAD, signal })
    for await (const page of pages) {
      signal.throwIfAborted()
      const before = this.#items.count
      for (const group of page.groups) this.#items.add(group)
      read += this.#items.count - before
      upTo = this.#clock.moveOn(upTo, page.upTo)
      if (upTo !== undefined) this.#cursors[name] = { upTo, ...begun }
      onProgress?.({ connector: this.#row.name, stream: name, read, upTo })
      if (this.#items.count >= this.#batchItems || this.#hasWaited) await this.#flush()
    }
    if (stream.wholeEveryMs !== undefined)
      this.#cursors[name] = { upTo, readAt: new Date(this.#context.now()).toISOString(), ...begun }
    // What the next stream brings may name what this one brought: it is stored behind it, and read meanwhile.
    await this.#flush()
  }

  /** Items wait that could be stored now; while others are, they wait for a whole batch. */
  get #hasWaited(): boolean {
    return !this.#queue.isStoring && performance.now() - this.#sinceMs > BATCH_MS
  }

  /** Has what was read stored, while more is read. */
  async #flush(): Promise<void> {
    if (this.#items.count === 0 && Object.keys(this.#cursors).length === 0) return
    const items = this.#items.end()
    const cursors = this.#cursors
    this.#items = new ItemReader()
    this.#cursors = {}
    this.#sinceMs = performance.now()
    this.#batchItems = Math.min(2 * this.#batchItems, BATCH_ITEMS)
    await this.#queue.add(items, cursors)
  }

  /** Those who look at the sketch, and detection, hear of what came. */
  async #tell(): Promise<void> {
    const { new: fresh, updated } = this.#queue.counts
    const { chosen } = this.#timeline
    if (fresh + updated === 0 || !chosen) return
    const sketchId = this.#row.sketch_id
    await noteChange(this.#context, sketchId, 'events', { timelineId: chosen.timelineId })
    await noteChange(this.#context, sketchId, 'alerts')
    if (fresh > 0) this.#context.lookAtEvents(this.#principal, sketchId)
  }
}
