import { Buffer } from 'node:buffer'
import { mkdir, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { makeChunks, makeLog } from '../../../packages/ingest/src/evtx/testing/evtx-writer.ts'
import { makeVariedRecords } from '../evtx/varied-records.ts'
import { buildBrowserDatabases } from './browser-databases.ts'
import { LOG_FILES } from './log-files.ts'

/** When every file of the evidence was changed, in seconds since 1970: a storage file made of it is the same each time. */
const CHANGED_S = Date.UTC(2026, 2, 4, 5, 6, 7) / 1000

/**
 * Writes small evidence of many kinds: texts, browser databases, login records, an event log, prefetch-like binaries.
 *
 * @param folder - Made where it is not there.
 * @param eventRecords - Records of the event log.
 */
export async function buildEvidence(folder: string, eventRecords = 200): Promise<void> {
  for (const [name, content] of Object.entries(LOG_FILES)) await put(folder, name, content)
  await put(folder, 'var/log/syslog.1.gz', gzipSync(LOG_FILES['var/log/syslog'] ?? ''))
  await put(folder, 'var/log/wtmp', makeLoginRecords())
  await put(folder, 'var/run/utmp', makeLoginRecords())
  await put(
    folder,
    'Windows/System32/winevt/Logs/Security.evtx',
    makeLog(makeChunks(makeVariedRecords(eventRecords))),
  )
  await put(folder, '$Recycle.Bin/S-1-5-21-1/$IABC123.txt', makeRecycledFile())
  await put(folder, 'Users/kim/note.lnk', makeShortcut())
  await put(folder, 'Windows/Tasks/backup.job', makeTask())
  await buildBrowserDatabases(folder)
}

async function put(folder: string, name: string, content: string | Uint8Array): Promise<void> {
  const path = join(folder, name)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, content)
  await utimes(path, CHANGED_S, CHANGED_S)
}

/** Records of logins as glibc lays them out on Linux with 64 bits (`struct utmp`, 384 bytes). */
function makeLoginRecords(): Buffer {
  const logins: readonly (readonly [type: number, terminal: string, user: string, host: string])[] = [
    [2, '~', 'reboot', '6.1.0-amd64'],
    [1, '~', 'runlevel', '6.1.0-amd64'],
    [6, 'tty1', 'LOGIN', ''],
    [7, 'pts/0', 'kim', '192.0.2.7'],
    [7, 'pts/1', 'root', 'gw.example.test'],
    [8, 'pts/1', '', ''],
  ]
  return Buffer.concat(
    logins.map(([type, terminal, user, host], i) => {
      const record = Buffer.alloc(384)
      record.writeUInt16LE(type, 0)
      record.writeUInt32LE(700 + i, 4)
      record.write(terminal, 8)
      record.write('ts/0'.slice(0, 4), 40)
      record.write(user, 44)
      record.write(host, 76)
      record.writeUInt32LE(CHANGED_S + i * 61, 340)
      record.writeUInt32LE(123_456 * i, 344)
      if (type === 7) record.set([192, 0, 2, 7 + i], 348)
      return record
    }),
  )
}

/** 100-nanosecond ticks since 1601 of a second since 1970. */
function toFileTime(seconds: number): bigint {
  return (BigInt(seconds) + 11_644_473_600n) * 10_000_000n + 1234567n
}

/** What Windows 10 notes of a file that was thrown away (`$I`, version 2). */
function makeRecycledFile(): Buffer {
  const name = Buffer.from('C:\\Users\\kim\\Documents\\plan \u00e4.txt\0', 'utf16le')
  const header = Buffer.alloc(28)
  header.writeBigInt64LE(2n, 0)
  header.writeBigInt64LE(4711n, 8)
  header.writeBigUInt64LE(toFileTime(CHANGED_S), 16)
  header.writeUInt32LE(name.length / 2, 24)
  return Buffer.concat([header, name])
}

/** A shell link ([MS-SHLLINK]) with three times and a relative path. */
function makeShortcut(): Buffer {
  const header = Buffer.alloc(76)
  header.writeUInt32LE(76, 0)
  Buffer.from('0114020000000000c000000000000046', 'hex').copy(header, 4)
  // Has a name, a relative path and a working directory; in Unicode.
  header.writeUInt32LE(0x4 | 0x8 | 0x10 | 0x80, 20)
  header.writeUInt32LE(0x20, 24)
  for (const [i, at] of [28, 36, 44].entries()) header.writeBigUInt64LE(toFileTime(CHANGED_S + i * 3600), at)
  header.writeUInt32LE(1234, 52)
  const texts = ['a note', '..\\Documents\\note.txt', 'C:\\Users\\kim'].map((text) => {
    const size = Buffer.alloc(2)
    size.writeUInt16LE(text.length)
    return Buffer.concat([size, Buffer.from(text, 'utf16le')])
  })
  return Buffer.concat([header, ...texts, Buffer.alloc(4)])
}

/** A scheduled task of Windows XP ([MS-TSCH], section 2.4) with one daily trigger. */
function makeTask(): Buffer {
  const fixed = Buffer.alloc(68)
  fixed.writeUInt16LE(0x0501, 0)
  fixed.writeUInt16LE(1, 2)
  Buffer.from('dca5ca8f3f9c4f4bb6f3c2d0fa59b7c8', 'hex').copy(fixed, 4)
  fixed.writeUInt16LE(70, 20)
  for (const [i, value] of [2026, 3, 3, 4, 5, 6, 7, 8].entries()) fixed.writeUInt16LE(value, 52 + i * 2)
  const text = (value: string): Buffer => {
    const size = Buffer.alloc(2)
    size.writeUInt16LE(value.length + 1)
    return Buffer.concat([size, Buffer.from(`${value}\0`, 'utf16le')])
  }
  const variable = Buffer.concat([
    Buffer.from([0, 0]),
    text('C:\\Windows\\System32\\robocopy.exe'),
    text('C:\\data D:\\copy /MIR'),
    text('C:\\Windows'),
    text('kim'),
    text('nightly copy'),
    Buffer.from([0, 0]),
    Buffer.from([8, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
  ])
  fixed.writeUInt16LE(68 + variable.length, 22)
  const triggers = Buffer.alloc(50)
  triggers.writeUInt16LE(1, 0)
  triggers.writeUInt16LE(48, 2)
  for (const [i, value] of [2026, 1, 1].entries()) triggers.writeUInt16LE(value, 6 + i * 2)
  triggers.writeUInt16LE(22, 18)
  triggers.writeUInt16LE(30, 20)
  triggers.writeUInt32LE(1, 34)
  triggers.writeUInt16LE(1, 38)
  return Buffer.concat([fixed, variable, triggers])
}
