import { type FileHandle, open } from 'node:fs/promises'
import { type FileAccount, REASONS_SUFFIX } from '@timeskein/model'
import { cannotWriteRejects, nameRejectTarget, numberRejectTarget } from './reject-target.ts'

/** One file of an import, with the way to the rows of it that were rejected. */
export interface RejectSource {
  readonly account: FileAccount
  /** The rows as they stood, or why each was rejected. */
  readonly read: (kind: 'raw' | 'reasons') => Promise<AsyncIterable<Uint8Array> | undefined>
}

/** Names that are tried for one file. */
const MAX_NAMES = 10_000

/**
 * Writes the rejected rows of an import so that each file can be mended and imported again: those of a single file to `target`
 * itself (what was in it is gone), those of several to one file each, named after the input and never over a file that is there.
 * Beside each stands its file of reasons.
 *
 * @param isSingle - One file was asked for, and it is no archive of several.
 * @returns The accounts, with `rejects_file` where rows were written.
 * @throws {CliError} When a file cannot be written.
 */
export async function saveRejects(
  target: string,
  sources: readonly RejectSource[],
  isSingle: boolean,
): Promise<readonly FileAccount[]> {
  const accounts: FileAccount[] = []
  for (const { account, read } of sources) {
    if (account.rejected === 0) {
      accounts.push(account)
      continue
    }
    const files = isSingle
      ? await openFiles(target, 'w')
      : await openNewFiles(nameRejectTarget(target, account.path))
    try {
      await copyInto(files.raw, await read('raw'))
      await copyInto(files.reasons, await read('reasons'))
    } catch (error) {
      throw isSystemError(error) ? cannotWriteRejects(files.path, error) : error
    } finally {
      await files.raw.close()
      await files.reasons.close()
    }
    accounts.push({ ...account, rejects_file: files.path })
  }
  return accounts
}

interface OpenFiles {
  readonly path: string
  readonly raw: FileHandle
  readonly reasons: FileHandle
}

async function openNewFiles(wanted: string): Promise<OpenFiles> {
  for (let number = 1; ; number += 1) {
    const path = number === 1 ? wanted : numberRejectTarget(wanted, number)
    try {
      return await openFiles(path, 'wx')
    } catch (error) {
      if (!(error instanceof Error && isSystemError(error.cause) && error.cause.code === 'EEXIST'))
        throw error
      if (number === MAX_NAMES) throw error
    }
  }
}

async function openFiles(path: string, flags: 'w' | 'wx'): Promise<OpenFiles> {
  let raw: FileHandle | undefined
  try {
    raw = await open(path, flags, 0o600)
    // A file of reasons that is left from before belongs to no rows.
    return { path, raw, reasons: await open(`${path}${REASONS_SUFFIX}`, 'w', 0o600) }
  } catch (error) {
    await raw?.close()
    throw cannotWriteRejects(path, error)
  }
}

async function copyInto(file: FileHandle, source: AsyncIterable<Uint8Array> | undefined): Promise<void> {
  for await (const part of source ?? []) await file.appendFile(part)
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && 'syscall' in error
}
