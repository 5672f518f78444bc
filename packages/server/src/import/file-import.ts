import type { EventBatch, FileAccount, ImportProfile, Reject } from '@timeskein/model'
import type { ImportTransaction, PreparedSegment } from '@timeskein/store'
import type { ServiceContext } from '../services/service-context.ts'
import type { OpenImport } from './import-job.ts'
import type { ImportPlace } from './import-place.ts'
import type { ImportOutcome } from './import-service.ts'
import { joinSentences } from './join-sentences.ts'
import type { RejectFiles } from './reject-file.ts'
import { nameStoredImport } from './stored-import.ts'

/** What reading an input tells about a file (or an entry of an archive) before its first row. */
export interface FileStart {
  readonly path: string
  readonly format: string
  readonly profile: ImportProfile
  readonly isContained: boolean
  /** Name of the host that it was collected from. */
  readonly host: string | undefined
  /** Name of the input that it is in. */
  readonly inputName: string
}

interface OpenFile {
  readonly account: FileAccount
  readonly transaction: ImportTransaction
  readonly startMs: number
  /** What is worth knowing of where it goes. */
  readonly remark: string | undefined
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
 * The storing side of an import: a transaction and an account for each file. A file is committed when the next one begins
 * or everything has been read, so that the log knows beforehand which commit is the last.
 */
export class FileImport {
  readonly accounts: FileAccount[] = []
  readonly #context: ServiceContext
  readonly #job: OpenImport
  readonly #place: FilePlace
  #reading: OpenFile | undefined
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

  /** Commits the file before and opens a transaction for this one. */
  async startFile(start: FileStart): Promise<void> {
    await this.#commitReady(false)
    const { timelineId, indexName, name, remark } = await this.#place.chooseTimeline(start)
    const transaction = await this.#context.store.beginImport({
      index: indexName,
      timelineId,
      importId: nameStoredImport(this.#job.id, this.accounts.length + 1),
      profile: start.profile,
      skipKnownRows: !this.#job.request.keepKnownRows,
    })
    // Known from here on: whatever fails, the transaction is rolled back, since the next one into the index waits for it.
    this.#reading = {
      transaction,
      startMs: performance.now(),
      remark,
      account: {
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
      },
    }
    await this.#place.rejects.startFile(this.accounts.length + 1)
    this.#job.report({ phase: 'reading', file: start.path })
  }

  /** Stores rows; resolves when the next batch may come. */
  async append(batch: EventBatch, prepared?: PreparedSegment): Promise<void> {
    const { account, transaction } = this.#requireOpen()
    const { stored, duplicates } = await transaction.append(batch, prepared)
    account.stored += stored
    account.duplicates += duplicates
    account.read += stored + duplicates
    this.#context.metrics.importRows.inc({ outcome: 'stored' }, stored)
    this.#context.metrics.importRows.inc({ outcome: 'duplicate' }, duplicates)
    const { progress } = this.#job
    this.#report({
      rowsStored: progress.rowsStored + stored,
      rowsDuplicate: progress.rowsDuplicate + duplicates,
    })
  }

  /** @param header - What the rows need above them to be imported again: a CSV header with its line end, or ''. */
  async reject(rejects: readonly Reject[], header: string): Promise<void> {
    if (rejects.length === 0) return
    const { account } = this.#requireOpen()
    for (const { reason } of rejects) account.reasons[reason] = (account.reasons[reason] ?? 0) + 1
    account.rejected += rejects.length
    account.read += rejects.length
    await this.#place.rejects.add(account.path, rejects, header)
    this.#context.metrics.importRows.inc({ outcome: 'rejected' }, rejects.length)
    this.#report({ rowsRejected: this.#job.progress.rowsRejected + rejects.length })
  }

  /**
   * The file has been read to its end.
   *
   * @param remarks - Sentences about what is worth knowing of its rows.
   * @throws {AccountError} When the rows that arrived here are not the rows that were read.
   */
  endFile(told: Pick<FileAccount, 'sha256' | 'archive' | 'read' | 'rejected'>, remarks: string[]): void {
    const file = this.#requireOpen()
    const { account } = file
    if (told.read !== account.read || told.rejected !== account.rejected)
      throw new AccountError(account, told)
    account.sha256 = told.sha256
    if (told.archive) account.archive = told.archive
    const all = file.remark === undefined ? remarks : [file.remark, ...remarks]
    if (all.length > 0) account.remarks = all
    file.account.seconds = secondsSince(file.startMs)
    this.#reading = undefined
    this.#ready = file
  }

  /** Bytes of the input, as it is on disk, that have been read since the last call. */
  advance(bytes: number): void {
    this.#report({ bytesDone: this.#job.progress.bytesDone + bytes })
  }

  /** Rolls back the file that is being read, if any; files that were read to their end stay. */
  async abandonFile(): Promise<void> {
    const file = this.#reading
    this.#reading = undefined
    if (file) await this.#undo(file)
  }

  /** Commits what was read, as the last of the import. */
  async commitLast(): Promise<void> {
    this.#job.report({ phase: 'committing' })
    await this.#commitReady(true)
  }

  /** Rolls back whatever has not been committed. */
  async close(): Promise<void> {
    await this.abandonFile()
    const file = this.#ready
    this.#ready = undefined
    if (file) await this.#undo(file)
  }

  async #commitReady(isFinal: boolean): Promise<void> {
    const file = this.#ready
    if (!file) return
    this.#ready = undefined
    const commitMs = performance.now()
    try {
      await this.#noteCommit(file, isFinal)
      await file.transaction.commit()
    } catch (error) {
      await this.#undo(file)
      throw error
    }
    file.account.seconds = round(file.account.seconds + secondsSince(commitMs))
    this.accounts.push(file.account)
    this.#searchableSeconds = secondsSince(this.#place.startMs)
  }

  /** Writes down what is about to be committed, so that a start after a crash knows what it finds. */
  async #noteCommit(file: OpenFile, isFinal: boolean): Promise<void> {
    const { problems, refused } = this.#place
    const files = [...this.accounts, file.account]
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

  async #undo(file: OpenFile): Promise<void> {
    try {
      await this.#place.rejects.dropFile()
    } finally {
      await file.transaction.rollback()
    }
  }

  #requireOpen(): OpenFile {
    if (!this.#reading) throw new Error('A reader delivered rows outside of a file.')
    return this.#reading
  }

  #report(change: Parameters<OpenImport['report']>[0]): void {
    this.#job.report({ ...change, elapsedMs: performance.now() - this.#place.startMs })
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
