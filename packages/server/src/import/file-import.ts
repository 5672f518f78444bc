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
import { type HeldBatch, HeldFile, HeldGroup } from './held-file.ts'
import type { OpenImport } from './import-job.ts'
import type { ImportPlace } from './import-place.ts'
import type { ImportOutcome } from './import-service.ts'
import { joinSentences } from './log/join-sentences.ts'
import type { RejectFiles } from './log/reject-file.ts'
import { ORIGIN_FIELDS } from './row-origin.ts'
import { nameStoredImport } from './stored-import.ts'

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

/** Where files go, and what a crash after a commit must not lose. */
export interface FilePlace extends ImportPlace {
  readonly rejects: RejectFiles
  readonly startMs: number
  /** Sentences about inputs that could not be read; grows. */
  readonly problems: readonly string[]
  /** Entries of archives that are not read; grows. */
  readonly refused: ImportOutcome['refused']
}

/** Rows went missing, or came twice, between the reader and the store: the file is not stored. */
export class AccountError extends Error {
  override readonly name = 'AccountError'

  constructor(account: FileAccount, told: Pick<FileAccount, 'read' | 'rejected'>) {
    super(
      `${account.path} was not stored, since its account does not add up: ${told.read} rows were read and ${told.rejected} of them rejected, but ${account.stored} stored, ${account.duplicates} duplicate and ${account.rejected} rejected ones arrived.`,
    )
  }
}

/**
 * The storing side of an import: an account for each file, and a transaction for each large one. Small files are held until they have
 * been read to their ends, and then committed together, those of one timeline in one transaction. What was read is committed when the
 * next file begins or everything has been read, so that the log knows beforehand which commit is the last.
 */
export class FileImport {
  readonly accounts: FileAccount[] = []
  readonly #context: ServiceContext
  readonly #job: OpenImport
  readonly #place: FilePlace
  readonly #group = new HeldGroup()
  #reading: HeldFile | undefined
  /** The transaction of the file that is being read, if it has one. */
  #own: ImportTransaction | undefined
  /** A file with a transaction of its own that has been read to its end. */
  #ready: OpenFile | undefined
  #searchableSeconds: number | undefined

  constructor(context: ServiceContext, job: OpenImport, place: FilePlace) {
    this.#context = context
    this.#job = job
    this.#place = place
  }

  /** Seconds from the start until the last commit. */
  get searchableSeconds(): number | undefined {
    return this.#searchableSeconds
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
      await this.#store(this.#own, file.account, held)
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
    this.#report({ rowsRejected: this.#job.progress.rowsRejected + rejects.length })
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
    this.#report({ bytesDone: this.#job.progress.bytesDone + bytes })
  }

  /** Forgets the file that is being read, if any; files that were read to their end stay. */
  async abandonFile(): Promise<void> {
    const transaction = this.#own
    this.#reading = undefined
    this.#own = undefined
    if (transaction) await this.#undo(transaction)
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
    this.#group.take()
    const file = this.#ready
    this.#ready = undefined
    if (file) await this.#undo(file.transaction)
  }

  /** Gives the file that is being read a transaction of its own, with the rows that were held. */
  async #openOwn(file: HeldFile): Promise<void> {
    await this.#commitGroup(false)
    // Known from here on: whatever fails, the transaction is rolled back, since the next one into the index waits for it.
    this.#own = await this.#begin(file)
    await this.#storeHeld(this.#own, file, this.accounts.length + 1)
  }

  async #begin({ place, profile }: HeldFile): Promise<ImportTransaction> {
    return await this.#context.store.beginImport({
      index: place.indexName,
      timelineId: place.timelineId,
      importId: nameStoredImport(this.#job.id, this.accounts.length + 1),
      profile,
      skipKnownRows: !this.#job.request.keepKnownRows,
      tellApartBy: ORIGIN_FIELDS,
    })
  }

  /** @param number - The file's place in the import's account, from 1. */
  async #storeHeld(transaction: ImportTransaction, file: HeldFile, number: number): Promise<void> {
    await this.#place.rejects.startFile(number)
    for (const { rejects, header } of file.rejects.splice(0))
      await this.#place.rejects.add(file.account.path, rejects, header)
    for (const held of file.batches.splice(0)) await this.#store(transaction, file.account, held)
  }

  async #store(
    transaction: ImportTransaction,
    account: FileAccount,
    { batch, prepared, release }: HeldBatch,
  ): Promise<void> {
    const { stored, duplicates } = await transaction.append(batch, prepared)
    release()
    account.stored += stored
    account.duplicates += duplicates
    this.#context.metrics.importRows.inc({ outcome: 'stored' }, stored)
    this.#context.metrics.importRows.inc({ outcome: 'duplicate' }, duplicates)
    const { progress } = this.#job
    this.#report({
      rowsStored: progress.rowsStored + stored,
      rowsDuplicate: progress.rowsDuplicate + duplicates,
    })
  }

  async #commitReady(isFinal: boolean): Promise<void> {
    const file = this.#ready
    if (!file) return
    this.#ready = undefined
    await this.#commit(file.transaction, [file.held], isFinal && this.#group.isEmpty)
  }

  /** Commits small files, those of each timeline together. */
  async #commitGroup(isFinal: boolean): Promise<void> {
    const timelines = this.#group.take()
    for (const [i, files] of timelines.entries()) {
      const transaction = await this.#begin(files[0]!)
      try {
        for (const [place, file] of files.entries()) {
          const number = this.accounts.length + place + 1
          if (place > 0) await transaction.nextImport(nameStoredImport(this.#job.id, number), file.profile)
          const startMs = performance.now()
          await this.#storeHeld(transaction, file, number)
          await this.#place.rejects.flush()
          file.account.seconds = round(file.account.seconds + secondsSince(startMs))
        }
      } catch (error) {
        await this.#undo(transaction, files.length)
        throw error
      }
      await this.#commit(transaction, files, isFinal && i === timelines.length - 1)
    }
  }

  async #commit(transaction: ImportTransaction, files: readonly HeldFile[], isFinal: boolean): Promise<void> {
    const commitMs = performance.now()
    try {
      for (const { account } of files) checkAccount(account)
      await this.#noteCommit(files, isFinal)
    } catch (error) {
      await this.#undo(transaction, files.length)
      throw error
    }
    try {
      await transaction.commit()
    } catch (error) {
      if (!(await this.#isCommitted(files))) {
        await this.#undo(transaction, files.length)
        throw error
      }
      this.#context.log.warn({ err: error, importId: this.#job.id }, 'a commit failed and is stored whole')
    }
    const seconds = secondsSince(commitMs) / files.length
    for (const { account } of files) {
      account.seconds = round(account.seconds + seconds)
      this.accounts.push(account)
    }
    this.#searchableSeconds = secondsSince(this.#place.startMs)
  }

  /** Whether files are stored whose commit failed: the store may give up behind the moment from which a commit is durable. */
  async #isCommitted(files: readonly HeldFile[]): Promise<boolean> {
    const place = files.findIndex(({ account }) => account.stored > 0)
    if (place < 0) return false
    const storedImport = nameStoredImport(this.#job.id, this.accounts.length + place + 1)
    try {
      return await this.#context.store.hasImport(files[0]!.place.indexName, storedImport)
    } catch (error) {
      this.#job.isEndUnknown = true
      this.#context.log.error(
        { err: error, importId: this.#job.id },
        'whether a commit is stored is not known',
      )
      return false
    }
  }

  /** Writes down what is about to be committed, so that a start after a crash knows what it finds. */
  async #noteCommit(committing: readonly HeldFile[], isFinal: boolean): Promise<void> {
    const { problems, refused } = this.#place
    const files = [...this.accounts, ...committing.map(({ account }) => account)]
    // A crash after the commit must not leave an account of rejects that are not on disk.
    await this.#place.rejects.flush()
    await this.#context.db
      .updateTable('imports')
      .set({
        files_json: JSON.stringify(files),
        has_rejects: hasRejects(files) ? 1 : 0,
        error: joinSentences({ problems, refused }, files) ?? null,
        is_final_commit: isFinal ? (problems.length === 0 ? 1 : 2) : 0,
      })
      .where('id', '=', this.#job.id)
      .execute()
  }

  /** @param files - How many were in the transaction. */
  async #undo(transaction: ImportTransaction, files = 1): Promise<void> {
    try {
      for (let file = 1; file <= files; file++)
        await this.#place.rejects.removeFile(this.accounts.length + file)
    } finally {
      await transaction.rollback()
    }
  }

  #requireOpen(): HeldFile {
    if (!this.#reading) throw new Error('A reader delivered rows outside of a file.')
    return this.#reading
  }

  #report(change: Parameters<OpenImport['report']>[0]): void {
    this.#job.report({ ...change, elapsedMs: performance.now() - this.#place.startMs })
  }
}

/** @throws {AccountError} When what the store took is not what it was given. */
function checkAccount(account: FileAccount): void {
  if (account.stored + account.duplicates + account.rejected !== account.read)
    throw new AccountError(account, account)
}

function noteReasons(account: FileAccount, rejects: readonly Reject[]): void {
  const { reasons } = account
  account.first_rejects ??= Object.create(null) as Record<string, FirstReject>
  for (const { reason, line, detail } of rejects) {
    reasons[reason] = (reasons[reason] ?? 0) + 1
    account.first_rejects[reason] ??= { line, detail: shortenText(detail, MAX_FIRST_DETAIL_LENGTH) }
  }
}

/** Whether any row of these files was rejected. */
export function hasRejects(files: readonly FileAccount[]): boolean {
  return files.some((file) => file.rejected > 0)
}

function secondsSince(startMs: number): number {
  return round((performance.now() - startMs) / 1000)
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000
}
