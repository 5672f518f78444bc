import type { FileAccount } from '@timeskein/model'
import type { ImportTransaction } from '@timeskein/store'
import type { ServiceContext } from '../services/service-context.ts'
import { AccountError } from './account-error.ts'
import type { HeldBatch, HeldFile } from './held-file.ts'
import type { OpenImport } from './import-job.ts'
import type { ImportPlace } from './import-place.ts'
import type { ImportOutcome } from './import-service.ts'
import { joinSentences } from './log/join-sentences.ts'
import type { RejectFiles } from './log/reject-file.ts'
import { ORIGIN_FIELDS } from './row-origin.ts'
import { roundSeconds, secondsSince } from './seconds-since.ts'
import { nameStoredImport } from './stored-import.ts'

/** Where files go, and what a crash after a commit must not lose. */
export interface FilePlace extends ImportPlace {
  readonly rejects: RejectFiles
  readonly startMs: number
  /** Sentences about inputs that could not be read; grows. */
  readonly problems: readonly string[]
  /** Entries of archives that are not read; grows. */
  readonly refused: ImportOutcome['refused']
}

/**
 * The transactions of one import, one after the other: a commit is noted in the log before it is made, with the accounts of all files
 * that are stored then, so that a start after a crash knows what to ask the store for.
 */
export class FileCommits {
  /** Of the files that are stored. */
  readonly accounts: FileAccount[] = []
  readonly #context: ServiceContext
  readonly #job: OpenImport
  readonly #place: FilePlace
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

  /** A transaction for the next file, which is the caller's to commit or undo: the next one into the index waits for it. */
  async begin({ place, profile }: HeldFile): Promise<ImportTransaction> {
    return await this.#context.store.beginImport({
      index: place.indexName,
      timelineId: place.timelineId,
      importId: this.#nameStored(0),
      profile,
      skipKnownRows: !this.#job.request.keepKnownRows,
      tellApartBy: ORIGIN_FIELDS,
    })
  }

  /**
   * Stores the rows that a file was held with, and keeps its rejected ones.
   *
   * @param at - Its place among the files of the transaction, from 0.
   */
  async storeHeld(transaction: ImportTransaction, file: HeldFile, at = 0): Promise<void> {
    const { rejects } = this.#place
    await rejects.startFile(this.accounts.length + at + 1)
    for (const held of file.rejects.splice(0)) await rejects.add(file.account.path, held.rejects, held.header)
    for (const held of file.batches.splice(0)) await this.store(transaction, file.account, held)
  }

  async store(
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
    const { rowsStored, rowsDuplicate } = this.#job.progress
    this.#job.report({ rowsStored: rowsStored + stored, rowsDuplicate: rowsDuplicate + duplicates })
  }

  /**
   * Stores and commits held files of one timeline together.
   *
   * @param isFinal - It is the import's last commit.
   */
  async commitHeld(files: readonly HeldFile[], isFinal: boolean): Promise<void> {
    const transaction = await this.begin(files[0]!)
    try {
      for (const [at, file] of files.entries()) {
        if (at > 0) await transaction.nextImport(this.#nameStored(at), file.profile)
        const startMs = performance.now()
        await this.storeHeld(transaction, file, at)
        await this.#place.rejects.flush()
        file.account.seconds = roundSeconds(file.account.seconds + secondsSince(startMs))
      }
    } catch (error) {
      await this.undo(transaction, files.length)
      throw error
    }
    await this.commit(transaction, files, isFinal)
  }

  /**
   * Commits the files of a transaction, which is over afterwards in any case.
   *
   * @param isFinal - It is the import's last commit.
   * @throws {AccountError} When what the store took is not what it was given.
   */
  async commit(transaction: ImportTransaction, files: readonly HeldFile[], isFinal: boolean): Promise<void> {
    const commitMs = performance.now()
    try {
      for (const { account } of files) checkAccount(account)
      await this.#noteCommit(files, isFinal)
    } catch (error) {
      await this.undo(transaction, files.length)
      throw error
    }
    try {
      await transaction.commit()
    } catch (error) {
      await this.#settleFailed(transaction, files, error)
      this.#context.log.warn({ err: error, importId: this.#job.id }, 'a commit failed and is stored whole')
    }
    const seconds = secondsSince(commitMs) / files.length
    for (const { account } of files) {
      account.seconds = roundSeconds(account.seconds + seconds)
      this.accounts.push(account)
    }
    this.#searchableSeconds = secondsSince(this.#place.startMs)
  }

  /**
   * Forgets a transaction, and what was rejected of its files.
   *
   * @param files - How many were in it.
   */
  async undo(transaction: ImportTransaction, files = 1): Promise<void> {
    try {
      for (let file = 1; file <= files; file++)
        await this.#place.rejects.removeFile(this.accounts.length + file)
    } finally {
      await transaction.rollback()
    }
  }

  /** The store's id of a file. @param at - Its place among those that are not committed yet, from 0. */
  #nameStored(at: number): string {
    return nameStoredImport(this.#job.id, this.accounts.length + at + 1)
  }

  /**
   * Resolves when the files are stored though their commit failed: the store may give up behind the moment from which it is durable.
   *
   * @throws The failure, when they are not, or the store cannot say.
   */
  async #settleFailed(
    transaction: ImportTransaction,
    files: readonly HeldFile[],
    failure: unknown,
  ): Promise<void> {
    const at = files.findIndex(({ account }) => account.stored > 0)
    const { indexName } = files[0]!.place
    try {
      if (at >= 0 && (await this.#context.store.hasImport(indexName, this.#nameStored(at)))) return
    } catch (error) {
      this.#job.isEndUnknown = true
      this.#context.log.error(
        { err: error, importId: this.#job.id },
        'whether a commit is stored is not known',
      )
      // What was rejected of them is kept: they may be stored.
      await transaction.rollback()
      throw failure
    }
    await this.undo(transaction, files.length)
    throw failure
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
}

function checkAccount(account: FileAccount): void {
  if (account.stored + account.duplicates + account.rejected !== account.read)
    throw new AccountError(account, account)
}

/** Whether any row of these files was rejected. */
export function hasRejects(files: readonly FileAccount[]): boolean {
  return files.some((file) => file.rejected > 0)
}
