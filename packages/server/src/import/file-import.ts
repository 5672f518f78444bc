import {
  type EventBatch,
  type FileAccount,
  type FirstReject,
  type ImportProfile,
  MAX_FIRST_DETAIL_LENGTH,
  type Reject,
  shortenText,
} from '@timeskein/model'
import type { ImportTransaction, PreparedSegment } from '@timeskein/store'
import type { ServiceContext } from '../services/service-context.ts'
import { AccountError } from './account-error.ts'
import { FileCommits, type FilePlace } from './file-commits.ts'
import { HeldFile, HeldGroup } from './held-file.ts'
import type { OpenImport } from './import-job.ts'
import { secondsSince } from './seconds-since.ts'

/** What reading an input tells about a file (or an entry of an archive) before its first row. */
export interface FileStart {
  readonly path: string
  readonly format: string
  readonly profile: ImportProfile
  readonly isContained: boolean
  /** Of the file, or of what it is packed in, as what it was found in says. */
  readonly sizeBytes: number | undefined
  /** Name of the host that it was collected from. */
  readonly host: string | undefined
  /** Name of the input that it is in. */
  readonly inputName: string
}

/** A file that is in a transaction of its own. */
interface OpenFile {
  readonly held: HeldFile
  readonly transaction: ImportTransaction
}

/**
 * The storing side of an import: an account for each file, and a transaction for each large one. Small files are held until they have
 * been read to their ends, and then committed together, those of one timeline in one transaction. What was read is committed when the
 * next file begins or everything has been read, so that the log knows beforehand which commit is the last.
 */
export class FileImport {
  readonly #context: ServiceContext
  readonly #job: OpenImport
  readonly #place: FilePlace
  readonly #commits: FileCommits
  readonly #group = new HeldGroup()
  #reading: HeldFile | undefined
  /** The transaction of the file that is being read, if it has one. */
  #own: ImportTransaction | undefined
  /** A file with a transaction of its own that has been read to its end. */
  #ready: OpenFile | undefined

  constructor(context: ServiceContext, job: OpenImport, place: FilePlace) {
    this.#context = context
    this.#job = job
    this.#place = place
    this.#commits = new FileCommits(context, job, place)
  }

  /** Of the files that are stored. */
  get accounts(): readonly FileAccount[] {
    return this.#commits.accounts
  }

  /** Seconds from the start until the last commit. */
  get searchableSeconds(): number | undefined {
    return this.#commits.searchableSeconds
  }

  /** The file that is being read, if any. */
  get readingPath(): string | undefined {
    return this.#reading?.account.path
  }

  /** Begins a file; what was read before is committed when it is large, or much. */
  async startFile(start: FileStart): Promise<void> {
    await this.#commitReady(false)
    if (this.#group.isFull) await this.#commitGroup(false)
    const place = await this.#place.chooseTimeline(start)
    const { timelineId, name } = place
    const account: FileAccount = {
      path: start.path,
      sha256: '',
      ...(start.host === undefined ? {} : { host: start.host }),
      ...(name === undefined ? {} : { timeline: { id: timelineId, name } }),
      format: start.format,
      read: 0,
      stored: 0,
      rejected: 0,
      duplicates: 0,
      seconds: 0,
      reasons: Object.create(null) as Record<string, number>,
    }
    this.#reading = new HeldFile(account, start.profile, place)
    this.#job.report({ phase: 'reading', file: start.path })
  }

  /**
   * Takes rows; resolves when the next batch may come.
   *
   * @param release - Called when the batch has been stored and nobody needs its buffers any more.
   */
  async append(batch: EventBatch, prepared?: PreparedSegment, release: () => void = () => {}): Promise<void> {
    const file = this.#requireOpen()
    file.account.read += batch.rowCount
    const held = { batch, prepared, release }
    if (this.#own !== undefined) {
      await this.#commits.store(this.#own, file.account, held)
      return
    }
    file.holdBatch(held)
    if (file.isLarge) await this.#openOwn(file)
  }

  /** @param header - What the rows need above them to be imported again: a CSV header with its line end, or ''. */
  async reject(rejects: readonly Reject[], header: string): Promise<void> {
    if (rejects.length === 0) return
    const file = this.#requireOpen()
    const { account } = file
    noteReasons(account, rejects)
    account.rejected += rejects.length
    account.read += rejects.length
    this.#context.metrics.importRows.inc({ outcome: 'rejected' }, rejects.length)
    this.#job.report({ rowsRejected: this.#job.progress.rowsRejected + rejects.length })
    if (this.#own !== undefined) {
      await this.#place.rejects.add(account.path, rejects, header)
      return
    }
    file.holdRejects(rejects, header)
    if (file.isLarge) await this.#openOwn(file)
  }

  /**
   * The file has been read to its end.
   *
   * @param remarks - Sentences about what is worth knowing of its rows.
   * @throws {AccountError} When the rows that arrived here are not the rows that were read.
   */
  async endFile(
    told: Pick<FileAccount, 'sha256' | 'archive' | 'read' | 'rejected' | 'undecoded'>,
    remarks: string[],
  ): Promise<void> {
    const file = this.#requireOpen()
    const { account, place } = file
    if (told.read !== account.read || told.rejected !== account.rejected)
      throw new AccountError(account, told)
    account.sha256 = told.sha256
    if (told.archive) account.archive = told.archive
    if (told.undecoded) account.undecoded = told.undecoded
    const all = place.remark === undefined ? remarks : [place.remark, ...remarks]
    if (all.length > 0) account.remarks = all
    account.seconds = secondsSince(file.startMs)
    if (this.#own !== undefined) {
      this.#ready = { held: file, transaction: this.#own }
      this.#own = undefined
    } else {
      // Rows that stand in another file already are known only when that one is committed.
      const isKnown = !this.#job.request.keepKnownRows && this.#group.hasRowsOf(file)
      if (isKnown) await this.#commitGroup(false)
      this.#group.add(file)
    }
    this.#reading = undefined
  }

  /** Bytes of the input, as it is on disk, that have been read since the last call. */
  advance(bytes: number): void {
    this.#job.report({ bytesDone: this.#job.progress.bytesDone + bytes })
  }

  /** Forgets the file that is being read, if any; files that were read to their end stay. */
  async abandonFile(): Promise<void> {
    const transaction = this.#own
    this.#reading = undefined
    this.#own = undefined
    if (transaction) await this.#commits.undo(transaction)
  }

  /** Commits what was read, as the last of the import. */
  async commitLast(): Promise<void> {
    this.#job.report({ phase: 'committing' })
    await this.#commitReady(true)
    await this.#commitGroup(true)
  }

  /** Forgets whatever has not been committed. */
  async close(): Promise<void> {
    await this.abandonFile()
    this.#group.clear()
    const file = this.#ready
    this.#ready = undefined
    if (file) await this.#commits.undo(file.transaction)
  }

  /** Gives the file that is being read a transaction of its own, with the rows that were held. */
  async #openOwn(file: HeldFile): Promise<void> {
    await this.#commitGroup(false)
    // Known from here on: whatever fails, the transaction is rolled back.
    this.#own = await this.#commits.begin(file)
    await this.#commits.storeHeld(this.#own, file)
  }

  async #commitReady(isFinal: boolean): Promise<void> {
    const file = this.#ready
    if (!file) return
    this.#ready = undefined
    await this.#commits.commit(file.transaction, [file.held], isFinal && this.#group.isEmpty)
  }

  /** Commits small files, those of each timeline together. */
  async #commitGroup(isFinal: boolean): Promise<void> {
    for (let files = this.#group.takeTimeline(); files; files = this.#group.takeTimeline())
      await this.#commits.commitHeld(files, isFinal && this.#group.isEmpty)
  }

  #requireOpen(): HeldFile {
    if (!this.#reading) throw new Error('A reader delivered rows outside of a file.')
    return this.#reading
  }
}

function noteReasons(account: FileAccount, rejects: readonly Reject[]): void {
  const { reasons } = account
  account.first_rejects ??= Object.create(null) as Record<string, FirstReject>
  for (const { reason, line, detail } of rejects) {
    reasons[reason] = (reasons[reason] ?? 0) + 1
    account.first_rejects[reason] ??= { line, detail: shortenText(detail, MAX_FIRST_DETAIL_LENGTH) }
  }
}
