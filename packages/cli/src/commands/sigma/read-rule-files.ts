import type { Dirent } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { SigmaProblem, SigmaSource } from '@timeskein/query/sigma'
import { MAX_RULE_FILE_BYTES, readRuleArchive } from '@timeskein/server'

/** Files read at the same time. */
const FILES_AT_ONCE = 16
const NOT_FOLLOWED = 'a file expected, found a symbolic link, which is not followed; name what it leads to'

/** Files of rules as text, and those that cannot be read. */
export interface RuleFiles {
  readonly sources: readonly SigmaSource[]
  readonly unreadable: readonly SigmaProblem[]
}

/**
 * Reads files of rules: each path that is a file, and all `.yml` and `.yaml` files below each that is a folder or in each that is a
 * zip archive, sorted by name. Links within folders are not followed, which is told of those to files of rules and to folders; archives
 * in folders or archives are not unpacked.
 *
 * @throws The system's error for a path that is not there.
 */
export async function readRuleFiles(paths: readonly string[], signal: AbortSignal): Promise<RuleFiles> {
  const files: string[] = []
  const sources: SigmaSource[] = []
  const unreadable: SigmaProblem[] = []
  for (const path of paths) {
    if ((await stat(path)).isDirectory()) {
      const found = await listRuleFiles(path)
      files.push(...found.files)
      unreadable.push(...found.links.map((link) => describeUnreadable(link, NOT_FOLLOWED)))
    } else if (/\.zip$/i.test(path)) await readArchive(path, { sources, unreadable }, signal)
    else files.push(path)
  }
  for (let start = 0; start < files.length; start += FILES_AT_ONCE) {
    signal.throwIfAborted()
    const some = files.slice(start, start + FILES_AT_ONCE)
    for (const [at, text] of (await Promise.all(some.map(readRuleFile))).entries()) {
      const file = some[at]!
      if (typeof text === 'string') sources.push({ file, text })
      else unreadable.push(describeUnreadable(file, text.reason))
    }
  }
  return { sources, unreadable }
}

async function readArchive(
  path: string,
  read: { readonly sources: SigmaSource[]; readonly unreadable: SigmaProblem[] },
  signal: AbortSignal,
): Promise<void> {
  for await (const one of readRuleArchive(path)) {
    signal.throwIfAborted()
    const file = `${path}!${one.name}`
    if ('text' in one) read.sources.push({ file, text: one.text })
    else read.unreadable.push(describeUnreadable(file, one.reason))
  }
}

function describeUnreadable(file: string, reason: string): SigmaProblem {
  return { code: 'bad-yaml', file, line: 1, column: 1, rule: undefined, reason }
}

async function listRuleFiles(
  folder: string,
): Promise<{ readonly files: readonly string[]; readonly links: readonly string[] }> {
  const entries: Dirent[] = await readdir(folder, { recursive: true, withFileTypes: true })
  const isRuleFile = ({ name }: Dirent): boolean => /\.ya?ml$/i.test(name)
  const toPath = (entry: Dirent): string => join(entry.parentPath, entry.name)
  const files = entries.filter((entry) => entry.isFile() && isRuleFile(entry)).map(toPath)
  const links: string[] = []
  for (const entry of entries) {
    if (entry.isSymbolicLink() && (isRuleFile(entry) || (await isFolder(toPath(entry)))))
      links.push(toPath(entry))
  }
  return { files: files.sort(), links: links.sort() }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    // A link to nothing, or to itself: nothing is left out.
    return false
  }
}

async function readRuleFile(file: string): Promise<string | { readonly reason: string }> {
  const { size } = await stat(file)
  if (size > MAX_RULE_FILE_BYTES)
    return { reason: `at most ${MAX_RULE_FILE_BYTES} bytes expected, found ${size}` }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file))
  } catch (error) {
    if (error instanceof TypeError) return { reason: 'UTF-8 expected, found other bytes' }
    throw error
  }
}
