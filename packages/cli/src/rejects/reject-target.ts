import { access, open, rm, stat } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { REASONS_SUFFIX } from '@timeskein/model'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'

/** Longest part of a file's name that is made of an input's name: entries of archives have paths of any length. */
const MAX_NAME_LENGTH = 100
/** Endings of text files, which an input's own takes the place of. */
const TEXT_ENDING = /\.(?:csv|tsv|txt|log|json|jsonl|ndjson)$/i
/** Endings of binary formats: what is rejected of them is told in JSON lines. */
const BINARY_ENDING = /\.evtx$/i
/** Endings of compressed files: rejected rows are written as plain text. */
const PACKED_ENDING = /\.(?:gz|gzip|zst|zstd)$/i

/**
 * The file for the rejected rows of one of several inputs: `rejects.csv` and `logs/proxy.jsonl.gz` give `rejects.proxy.jsonl`.
 * Of an entry of an archive its whole path counts, parted by `-`. The name holds no character that means something in a path.
 *
 * @param target - What `--rejects` says.
 * @param input - The path in the account.
 */
export function nameRejectTarget(target: string, input: string): string {
  const entry = input.indexOf('!')
  const own = input === '-' ? 'standard-input' : entry < 0 ? basename(input) : input.slice(entry + 1)
  const name = own
    .replace(PACKED_ENDING, '')
    .replace(BINARY_ENDING, '$&.jsonl')
    .replaceAll(/[/\\]+/g, '-')
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, '_')
    .slice(-MAX_NAME_LENGTH)
    .replace(/^[-._]+/, '')
  const stem = target.replace(TEXT_ENDING, '')
  return `${stem}.${name || 'input'}${extname(name) === '' ? target.slice(stem.length) : ''}`
}

/** The same name with a number: `rejects.proxy.jsonl` gives `rejects.proxy-2.jsonl`. */
export function numberRejectTarget(target: string, number: number): string {
  const ending = extname(target)
  return `${target.slice(0, target.length - ending.length)}-${number}${ending}`
}

/**
 * Makes sure, before anything is imported, that rejected rows can be written where a caller said; leaves nothing behind.
 *
 * @param inputs - The files that are imported: none of them may be written over.
 * @throws {CliError} With the code for output that cannot be written, or for usage where the file is one of the inputs.
 */
export async function requireWritableRejects(target: string, inputs: readonly string[]): Promise<void> {
  const same = await findSameFile(target, inputs)
  if (same !== undefined)
    throw new CliError(
      `--rejects ${target} is one of the files to import (${same}); name another file`,
      EXIT.usage,
    )
  for (const path of [target, `${target}${REASONS_SUFFIX}`]) {
    const isThere = await exists(path)
    try {
      await (await open(path, 'a', 0o600)).close()
    } catch (error) {
      throw cannotWriteRejects(path, error)
    }
    if (!isThere) await rm(path, { force: true })
  }
}

/** The failure that is told when rejected rows cannot be written to a file. */
export function cannotWriteRejects(path: string, error: unknown): CliError {
  const problem = error instanceof Error ? error.message : String(error)
  return new CliError(`cannot write rejected rows to ${path}: ${problem}`, EXIT.cannotWrite, { cause: error })
}

async function findSameFile(target: string, inputs: readonly string[]): Promise<string | undefined> {
  const wanted = await identify(target)
  if (wanted === undefined) return undefined
  for (const input of inputs) if ((await identify(input)) === wanted) return input
  return undefined
}

async function identify(path: string): Promise<string | undefined> {
  try {
    const { dev, ino } = await stat(path, { bigint: true })
    return `${dev}:${ino}`
  } catch {
    // Not there yet, or not to be seen: opening it says more.
    return undefined
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch {
    return false
  }
}
