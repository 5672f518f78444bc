import type { FileAccount } from '@timeskein/model'

/** Rows went missing, or came twice, between the reader and the store: the file is not stored. */
export class AccountError extends Error {
  override readonly name = 'AccountError'

  constructor(account: FileAccount, told: Pick<FileAccount, 'read' | 'rejected'>) {
    super(
      `${account.path} was not stored, since its account does not add up: ${told.read} rows were read and ${told.rejected} of them rejected, but ${account.stored} stored, ${account.duplicates} duplicate and ${account.rejected} rejected ones arrived.`,
    )
  }
}
