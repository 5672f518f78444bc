import { constants } from 'node:fs'
import { access, readdir, stat, statfs } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import type { ApiFinding } from '@timeskein/model'
import { listDataPaths } from './data-paths.ts'
import { checkSqliteFile } from './db/sqlite-database.ts'
import { isDomainError } from './errors/domain-error.ts'
import { VERSION } from './version.ts'

/**
 * Looks from outside at a data directory that could not be opened: why not, what this user may do with each part of it, whether
 * the metadata database is whole. Changes nothing.
 *
 * @param failure - What opening it threw.
 */
export async function inspectDataDirectory(
  directory: string,
  failure: unknown,
): Promise<readonly ApiFinding[]> {
  const place = resolve(directory)
  return [
    {
      severity: 'ok',
      subject: 'version',
      message: `Timeskein ${VERSION}, Node ${process.versions.node}`,
    },
    describeFailure(place, failure),
    ...(await checkPaths(place)),
    ...(await checkDatabase(place)),
    ...(await findIndexes(place)),
    ...(await findFreeDisk(place)),
  ]
}

function describeFailure(directory: string, failure: unknown): ApiFinding {
  const message = failure instanceof Error ? failure.message : String(failure)
  // In use is no fault: the one who has it open can be asked.
  if (isDomainError(failure) && failure.code === 'data-directory-locked')
    return {
      severity: 'warning',
      subject: 'data directory',
      message: `${message} What follows was seen from outside.`,
    }
  return {
    severity: 'error',
    subject: 'data directory',
    message: isDomainError(failure) ? message : `${directory} could not be opened: ${message}`,
  }
}

async function checkPaths(directory: string): Promise<ApiFinding[]> {
  const paths = listDataPaths(directory)
  const whole = await checkPath(directory)
  // Mended with all that is in it.
  if (whole) return [whole]
  const findings: ApiFinding[] = []
  for (const path of [paths.database, paths.indexes, paths.uploads, paths.rejects]) {
    const finding = await checkPath(path)
    if (finding) findings.push(finding)
  }
  return findings
}

// What is not there is made at the next start; what cannot be seen is told by the folder above it.
async function checkPath(path: string): Promise<ApiFinding | undefined> {
  const subject = 'permissions'
  let info: Awaited<ReturnType<typeof stat>>
  try {
    info = await stat(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'EACCES'
      ? { severity: 'error', subject, message: `${path}: this user may not look at it` }
      : undefined
  }
  const wanted = constants.R_OK | constants.W_OK | (info.isDirectory() ? constants.X_OK : 0)
  try {
    await access(path, wanted)
    return undefined
  } catch (error) {
    const { username, uid } = userInfo()
    const what = info.isDirectory() ? 'read, write and enter' : 'read and write'
    const found = `it belongs to user ${info.uid} with mode ${(info.mode & 0o777).toString(8).padStart(4, '0')}`
    const isReadOnly = (error as NodeJS.ErrnoException).code === 'EROFS'
    return {
      severity: 'error',
      subject,
      message: isReadOnly
        ? `${path}: its file system can only be read; mount it for writing, or copy the data directory to another place and name that with --data`
        : `${path}: user ${username} (${uid}) needs to ${what} it; ${found}. Run as its owner, or give it to this user: chown -R ${username} ${path}`,
    }
  }
}

async function checkDatabase(directory: string): Promise<ApiFinding[]> {
  const { database } = listDataPaths(directory)
  const subject = 'metadata database'
  try {
    await access(database, constants.R_OK)
  } catch {
    // Not there, or not to be read: said above where it is wrong.
    return []
  }
  let problems: readonly string[]
  try {
    problems = checkSqliteFile(database)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const isBroken = /malformed|not a database/.test(message)
    return [
      {
        severity: isBroken ? 'error' : 'warning',
        subject,
        message: isBroken
          ? `${message}: put back the newest copy from the folder "backups" of the data directory`
          : `could not be checked: ${message}`,
      },
    ]
  }
  if (problems.length === 0) return [{ severity: 'ok', subject, message: 'whole' }]
  return problems.map((problem) => ({
    severity: 'error',
    subject,
    message: `${problem}: put back the newest copy from the folder "backups" of the data directory`,
  }))
}

async function findIndexes(directory: string): Promise<ApiFinding[]> {
  const { indexes } = listDataPaths(directory)
  let names: readonly string[]
  try {
    names = await readdir(indexes)
  } catch {
    // Not there, or not to be read: said above where it is wrong.
    return []
  }
  const count = names.filter((name) => name.endsWith('.duckdb')).length
  const sizes = await Promise.all(
    names.map(
      async (name) =>
        await stat(join(indexes, name)).then(
          ({ size }) => size,
          () => 0,
        ),
    ),
  )
  const megabytes = sizes.reduce((sum, size) => sum + size, 0) / 1e6
  return [
    {
      severity: 'ok',
      subject: 'indexes',
      message: `${count} with ${megabytes.toFixed(1)} MB; not looked into from outside`,
    },
  ]
}

async function findFreeDisk(directory: string): Promise<ApiFinding[]> {
  try {
    const { bavail, bsize } = await statfs(directory)
    return [{ severity: 'ok', subject: 'disk', message: `${((bavail * bsize) / 1e9).toFixed(1)} GB free` }]
  } catch {
    // There is no such place: said above.
    return []
  }
}
