import { statfs } from 'node:fs/promises'
import { freemem } from 'node:os'
import type { ApiFinding } from '@timeskein/model'
import type { System } from '../system.ts'

const LOW_DISK_BYTES = 1e9

/** Looks at a running system: versions, what its start recovered, disk, memory, and every index of the store. */
export async function diagnose(system: System): Promise<ApiFinding[]> {
  return [
    {
      severity: 'ok',
      subject: 'version',
      message: `Timeskein ${system.version}, Node ${process.versions.node}`,
    },
    { severity: 'ok', subject: 'data directory', message: system.dataDirectory },
    {
      severity: 'ok',
      subject: 'memory',
      message: `${Math.round(freemem() / 1e6).toLocaleString('en')} MB free`,
    },
    ...system.recovery.map(
      (note): ApiFinding => ({
        severity: note.severity === 'warning' ? 'warning' : 'ok',
        subject: 'recovery',
        message: note.message,
      }),
    ),
    ...checkDatabase(system),
    await findFreeDisk(system.dataDirectory),
    ...(await system.services.store.check()),
  ]
}

function checkDatabase(system: System): ApiFinding[] {
  const subject = 'metadata database'
  const problems = system.checkDatabase()
  if (problems.length === 0) return [{ severity: 'ok', subject, message: 'whole' }]
  return problems.map((problem) => ({
    severity: 'error',
    subject,
    message: `${problem}: stop, and put back the newest copy from the folder "backups" of the data directory`,
  }))
}

async function findFreeDisk(directory: string): Promise<ApiFinding> {
  const disk = await statfs(directory)
  const freeBytes = disk.bavail * disk.bsize
  const message = `${(freeBytes / 1e9).toFixed(1)} GB free`
  return freeBytes < LOW_DISK_BYTES
    ? {
        severity: 'warning',
        subject: 'disk',
        message: `${message}: imports need about half of their input's size; make room or move the data directory`,
      }
    : { severity: 'ok', subject: 'disk', message }
}
