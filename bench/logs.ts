import { Buffer } from 'node:buffer'
import { existsSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ChunkSource, PeekableSource } from '../packages/ingest/src/containers/byte-source.ts'
import { LINES_FORMAT } from '../packages/ingest/src/logs/lines/lines.ts'
import { detectLog, lookAtLog, planLog } from '../packages/ingest/src/logs/plan-log.ts'
import { StretchRunner } from '../packages/ingest/src/pipeline/stretch.ts'
import { DATA_FOLDER } from './data/synthetic.ts'
import type { Figure } from './figures.ts'
import { measureImport, rateOf } from './reading.ts'
import { tellStep } from './tell-step.ts'

const START_MS = Date.UTC(2026, 0, 1)
const MEMORY_LINES = 50_000

/** Lines of each kind, as programs write them; the number makes them differ. */
const KINDS: readonly (readonly [name: string, head: string, write: (i: number) => string])[] = [
  [
    'syslog',
    '',
    (i) =>
      `${syslogDate(i)} web${i % 7} sshd[${1000 + (i % 900)}]: Failed password for invalid user user${i % 50} from 192.0.2.${i % 250} port ${20000 + (i % 40000)} ssh2`,
  ],
  [
    'web access',
    '',
    (i) =>
      `192.0.2.${i % 250} - - [${clfDate(i)}] "GET /path/${i % 1000}/index.html?id=${i} HTTP/1.1" 200 ${1000 + (i % 9000)} "https://www.example.com/from/${i % 30}" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36"`,
  ],
  [
    'IIS',
    '#Software: Microsoft Internet Information Services 10.0\n#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken\n',
    (i) =>
      `${isoDate(i).replace('T', ' ').slice(0, 19)} 10.0.0.1 GET /a/${i % 500}.aspx id=${i} 443 - 192.0.2.${i % 250} Mozilla/5.0+(Windows+NT+10.0) - 200 0 0 ${i % 900}`,
  ],
  [
    'auditd (four records an event)',
    '',
    (i) => {
      const serial = Math.floor(i / 4)
      const head = `msg=audit(${Math.floor(START_MS / 1000) + serial}.123:${serial}):`
      return [
        `type=SYSCALL ${head} arch=c000003e syscall=59 success=yes exit=0 a0=55d0 a1=55d1 items=2 ppid=1 pid=${1000 + serial} auid=1000 uid=0 gid=0 tty=pts0 ses=3 comm="ls" exe="/usr/bin/ls" key="exec"`,
        `type=EXECVE ${head} argc=3 a0="ls" a1="-l" a2="/tmp/${serial}"`,
        `type=CWD ${head} cwd="/root"`,
        `type=PATH ${head} item=0 name="/usr/bin/ls" inode=${serial} dev=08:01 mode=0100755 nametype=NORMAL`,
      ][i % 4]!
    },
  ],
  [
    'no known form',
    '',
    (i) =>
      `${isoDate(i).replace('T', ' ')} [worker-${i % 8}] INFO com.example.Service - request ${i} took ${i % 500} ms`,
  ],
]

/** Text logs: from bytes to batches in one thread, by kind, and imported by the command line. Rates are medians. */
export async function benchLogs(lines: number): Promise<readonly Figure[]> {
  const figures: Figure[] = []
  for (const [name, head, write] of KINDS) {
    tellStep(`lines of ${name} in memory`)
    figures.push(await measureLines(name, makeText(head, write, MEMORY_LINES)))
  }
  tellStep(`import of a syslog of ${lines.toLocaleString('en')} lines`)
  const note = `${lines.toLocaleString('en')} lines`
  return [...figures, ...(await measureImport('a syslog', await makeSyslog(lines), note))]
}

async function measureLines(name: string, text: string): Promise<Figure> {
  const bytes = new Uint8Array(Buffer.from(text))
  const source = new PeekableSource(
    new ChunkSource(
      (async function* () {
        yield bytes
      })(),
    ),
  )
  const look = await lookAtLog(source, true)
  const { settings } = await planLog(
    detectLog(look) ?? LINES_FORMAT,
    look,
    {},
    { changedUs: START_MS * 1000 },
  )
  const runner = new StretchRunner()
  const read = (): number => {
    runner.run({ textId: name, settings, bytes, startLine: 1, place: 'top', isLast: true })
    return MEMORY_LINES
  }
  const note = `one core, ${Math.round(bytes.length / MEMORY_LINES)} bytes a line; lines, whatever events they make; columns too`
  return { name: `text log to batches, ${name}`, ours: rateOf(read), unit: 'events/s', note }
}

function makeText(head: string, write: (i: number) => string, lines: number): string {
  return `${head}${Array.from({ length: lines }, (_, i) => write(i)).join('\n')}\n`
}

/** A syslog of so many lines; made once, then reused. */
export async function makeSyslog(lines: number): Promise<string> {
  const path = join(DATA_FOLDER, `made-${lines}.syslog`)
  if (existsSync(path)) return path
  await mkdir(DATA_FOLDER, { recursive: true })
  const [, head, write] = KINDS[0]!
  await writeFile(`${path}.partial`, makeText(head, write, lines))
  await rename(`${path}.partial`, path)
  return path
}

function isoDate(i: number): string {
  return new Date(START_MS + i * 137).toISOString()
}

function syslogDate(i: number): string {
  const [, day, month, , clock] = new Date(START_MS + i * 137).toUTCString().split(' ')
  return `${month} ${String(Number(day)).padStart(2)} ${clock}`
}

function clfDate(i: number): string {
  const [, day, month, year, clock] = new Date(START_MS + i * 137).toUTCString().split(' ')
  return `${day}/${month}/${year}:${clock} +0000`
}
