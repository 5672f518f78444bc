import type { Dirent } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { SigmaProblem, SigmaSource } from '@timeskein/query/sigma'

/** Bytes of one file of rules at most; what is larger is told and not read. */
const MAX_FILE_BYTES = 32_000_000
/** Files read at the same time. */
const FILES_AT_ONCE = 16

/** Files of rules as text, and those that cannot be read. */
export interface RuleFiles {
  readonly sources: readonly SigmaSource[]
  readonly unreadable: readonly SigmaProblem[]
}

/**
 * Reads files of rules: each path that is a file, and all `.yml` and `.yaml` files below each that is a folder, sorted by name.
 * Links within folders are not followed.
 *
 * @throws The system's error for a path that is not there.
 */
export async function readRuleFiles(paths: readonly string[], signal: AbortSignal): Promise<RuleFiles> {
  const files: string[] = []
  for (const path of paths) {
    if ((await stat(path)).isDirectory()) files.push(...(await listRuleFiles(path)))
    else files.push(path)
  }
  const sources: SigmaSource[] = []
  const unreadable: SigmaProblem[] = []
  for (let start = 0; start < files.length; start += FILES_AT_ONCE) {
    signal.throwIfAborted()
    const some = files.slice(start, start + FILES_AT_ONCE)
    for (const [at, text] of (await Promise.all(some.map(readRuleFile))).entries()) {
      const file = some[at]!
      if (typeof text === 'string') sources.push({ file, text })
      else unreadable.push({ code: 'bad-yaml', file, line: 1, column: 1, rule: undefined, ...text })
    }
  }
  return { sources, unreadable }
}

async function listRuleFiles(folder: string): Promise<readonly string[]> {
  const entries: Dirent[] = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && /\.ya?ml$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

async function readRuleFile(file: string): Promise<string | { readonly reason: string }> {
  const { size } = await stat(file)
  if (size > MAX_FILE_BYTES) return { reason: `at most ${MAX_FILE_BYTES} bytes expected, found ${size}` }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file))
  } catch (error) {
    if (error instanceof TypeError) return { reason: 'UTF-8 expected, found other bytes' }
    throw error
  }
}
