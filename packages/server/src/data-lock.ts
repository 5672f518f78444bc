import { randomBytes } from 'node:crypto'
import { readFileSync, renameSync, rmSync } from 'node:fs'
import { rm, unlink, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { DomainError, isDomainError } from './errors/domain-error.ts'
import { isOutOfRoom } from './errors/out-of-room.ts'
import { holdTurn, isTurnTaken, takeTurn } from './file-guard.ts'
import { cannotUseDataDirectory, makeDataDirectory } from './make-data-directory.ts'

const LOCK_FILE = 'lock.json'
/** Keeps those apart who look at the lock at the same time. */
const GUARD_FILE = 'lock.guard'

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
  /** There was no room on the disk to write who holds it. */
  readonly isOutOfRoom: boolean
  release(): Promise<void>
}

/**
 * Takes a data directory for this process; makes the directory when there is none (readable for its owner only). On a full
 * disk the guard is held in place of a lock that names its holder, so that what is there can still be read.
 *
 * @throws {DomainError} `conflict` (`data-directory-locked`), naming the holder if it could say its name; `forbidden` (`data-directory-forbidden`) or
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
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  const guard = join(directory, GUARD_FILE)
  try {
    const hasRoom = await writeDraft(draft, own)
    if (!hasRoom) return lockWithoutName(directory, path, guard)
    const tookOverFrom = takeTurn(guard, () => takeLock(directory, path, draft))
    return { tookOverFrom, isOutOfRoom: false, release: () => releaseLock(path, own) }
  } catch (error) {
    if (isDomainError(error)) throw error
    throw isTurnTaken(error) ? lockedByUnnamed(directory) : cannotUseDataDirectory(directory, error)
  } finally {
    await rm(draft, { force: true })
  }
}

/** False when there is no room for it. */
async function writeDraft(draft: string, own: string): Promise<boolean> {
  try {
    await writeFile(draft, own, { mode: 0o600, flush: true })
    return true
  } catch (error) {
    if (isOutOfRoom(error)) return false
    throw error
  }
}

/** Whoever comes next waits for the guard in vain. */
function lockWithoutName(directory: string, path: string, guard: string): DataLock {
  const turn = holdTurn(guard)
  try {
    const tookOverFrom = readLeftLock(directory, path)
    rmSync(path, { force: true })
    return { tookOverFrom, isOutOfRoom: true, release: async () => turn[Symbol.dispose]() }
  } catch (error) {
    turn[Symbol.dispose]()
    throw error
  }
}

/** Looks at the lock and puts ours in its place; nobody else does so meanwhile. Returns whose lock was left behind. */
function takeLock(directory: string, path: string, draft: string): LockHolder | undefined {
  const holder = readLeftLock(directory, path)
  renameSync(draft, path)
  return holder
}

/** @throws {DomainError} When its holder is alive. */
function readLeftLock(directory: string, path: string): LockHolder | undefined {
  const text = readIfThere(path)
  const holder = text === undefined ? undefined : parseHolder(text)
  if (holder && isAlive(holder)) throw locked(directory, holder)
  return holder
}

function lockedByUnnamed(directory: string): DomainError {
  return new DomainError(
    'conflict',
    'data-directory-locked',
    `The data directory ${directory} is in use by another process, which found no room on the disk to write its name. Stop it first, or ask it over HTTP (--server).`,
    { details: { directory } },
  )
}

function locked(directory: string, holder: LockHolder): DomainError {
  const way =
    holder.host === hostname()
      ? 'Stop that process first, or ask it over HTTP (--server).'
      : `Stop it there first, or ask it over HTTP (--server). Whether it still runs cannot be seen from ${hostname()}: if it certainly does not, delete ${join(directory, LOCK_FILE)}.`
  return new DomainError(
    'conflict',
    'data-directory-locked',
    `The data directory ${directory} is in use by process ${holder.pid} on ${holder.host} since ${holder.startedAt}. ${way}`,
    { details: { directory, ...holder } },
  )
}

async function releaseLock(path: string, own: string): Promise<void> {
  if (readIfThere(path) === own) await unlink(path)
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
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
