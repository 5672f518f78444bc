import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { link, readFile, rename, unlink, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { DomainError } from './errors/domain-error.ts'
import { cannotUseDataDirectory, makeDataDirectory } from './make-data-directory.ts'

const LOCK_FILE = 'lock.json'
/** Tries to get a lock that changes hands while it is looked at. */
const MAX_TRIES = 5

/** Who holds a data directory. */
export interface LockHolder {
  readonly pid: number
  readonly host: string
  readonly startedAt: string
  /** Start of the process in clock ticks since boot (Linux), to tell it from a later one with the same number. */
  readonly processStart: string | undefined
}

/** A held lock. */
export interface DataLock {
  /** The holder whose lock was taken over because its process is gone. */
  readonly tookOverFrom: LockHolder | undefined
  release(): Promise<void>
}

/**
 * Takes a data directory for this process; makes the directory when there is none (readable for its owner only).
 *
 * @throws {DomainError} `conflict` (`data-directory-locked`), naming the holder; `forbidden` (`data-directory-forbidden`) or
 * `unavailable` (`data-directory-unusable`) when it cannot be made or written.
 */
export async function lockDataDirectory(directory: string): Promise<DataLock> {
  await makeDataDirectory(directory)
  const path = join(directory, LOCK_FILE)
  const own = JSON.stringify({
    pid: process.pid,
    host: hostname(),
    startedAt: new Date().toISOString(),
    processStart: readProcessStart(process.pid),
  } satisfies LockHolder)
  const draft = join(directory, `.lock-${process.pid}-${randomBytes(6).toString('hex')}`)
  try {
    await writeFile(draft, own, { mode: 0o600 })
  } catch (error) {
    throw cannotUseDataDirectory(directory, error)
  }
  let tookOverFrom: LockHolder | undefined
  try {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      if (await tryLink(draft, path)) return { tookOverFrom, release: () => releaseLock(path, own) }
      const text = await readIfThere(path)
      if (text === undefined) continue
      const holder = parseHolder(text)
      if (holder && isAlive(holder)) throw locked(directory, holder)
      if (await removeStale(path, text)) tookOverFrom = holder
    }
  } finally {
    await unlink(draft)
  }
  throw new DomainError(
    'conflict',
    'data-directory-locked',
    `The data directory ${directory} could not be locked: its lock file keeps changing hands.`,
    { details: { directory } },
  )
}

function locked(directory: string, holder: LockHolder): DomainError {
  return new DomainError(
    'conflict',
    'data-directory-locked',
    `The data directory ${directory} is in use by process ${holder.pid} on ${holder.host} since ${holder.startedAt}. Stop that process first, or ask it over HTTP (--server).`,
    { details: { directory, ...holder } },
  )
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Moves a stale lock out of the way. False when another process was quicker and the file is a new lock. */
async function removeStale(path: string, expected: string): Promise<boolean> {
  const aside = `${path}.${process.pid}.stale`
  try {
    await rename(path, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
  const moved = await readFile(aside, 'utf8')
  if (moved !== expected) await tryLink(aside, path)
  await unlink(aside)
  return moved === expected
}

async function releaseLock(path: string, own: string): Promise<void> {
  if ((await readIfThere(path)) === own) await unlink(path)
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Undefined for a file that holds no lock (cut off by a crash while it was written). */
function parseHolder(text: string): LockHolder | undefined {
  try {
    const holder = JSON.parse(text) as Partial<LockHolder>
    if (typeof holder.pid !== 'number' || typeof holder.host !== 'string') return undefined
    return {
      pid: holder.pid,
      host: holder.host,
      startedAt: String(holder.startedAt ?? 'an unknown time'),
      processStart: holder.processStart,
    }
  } catch {
    return undefined
  }
}

/** Processes of other machines count as alive: there is no way to ask. */
function isAlive(holder: LockHolder): boolean {
  if (holder.host !== hostname()) return true
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    // EPERM: there is such a process, of somebody else.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  const start = readProcessStart(holder.pid)
  return holder.processStart === undefined || start === undefined || start === holder.processStart
}

function readProcessStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // proc(5): field 22, counted after the command's name, which may contain blanks and parentheses.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    // No /proc (macOS, Windows): the process number has to do.
    return undefined
  }
}
