import { Buffer } from 'node:buffer'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isUnknownFormatError } from '../../../packages/ingest/src/detect/unknown-format-error.ts'
import { type LogReading, readFileAsLog } from '../../../packages/ingest/src/logs/testing/read-log.ts'
import { runHere } from '../../../packages/ingest/src/pipeline/read-evidence.ts'
import type { StretchExecutor } from '../../../packages/ingest/src/pipeline/read-item.ts'
import { findFault } from '../fuzz/fuzz-rounds.ts'
import type { Report } from '../report.ts'
import { makeAuditLog, makeBodyFile, makeJournalExport } from './made-logs.ts'
import { makeRandom } from './random.ts'

/** Processor time that one damaged file of some ten kilobytes may take; other work on the machine does not count. */
const MAX_MS = 2000
/** Memory that the whole run may take more than its first rounds. */
const MAX_GROWTH_BYTES: number = 400 * 1024 * 1024
const SETTLED_ROUNDS = 200
/** Lines in front of the damage that may belong to an event with a line behind it. */
const LINES_OF_AN_EVENT = 80

/** The year is said: else damage of a date changes how often the year turns, and so the years in front of it. */
const OPTIONS = { year: 2025 } as const

interface Sample {
  readonly name: string
  readonly bytes: Buffer
  readonly isText: boolean
}

/**
 * Damaged logs and databases by seed: whatever is in them, reading ends soon, with an account of every row, and what stands in
 * front of the damage is read as it is without it.
 */
export async function judgeLogFuzz(seed: number, rounds: number, report: Report): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'timeskein-log-fuzz-'))
  try {
    const path = join(folder, 'evidence')
    const samples = await makeSamples(folder)
    const executor = runHere()
    const whole: LogReading[] = []
    for (const { bytes } of samples) {
      await writeFile(path, bytes)
      whole.push(await readFileAsLog(path, OPTIONS, executor))
    }
    let settledBytes = 0
    let longest = { ms: 0, where: 'none' }
    for (let round = 0; round < rounds; round++) {
      const random = makeRandom(seed * 1_000_003 + round)
      const at = random(samples.length)
      const sample = samples[at]!
      const { bytes, first } = damage(sample, random)
      await writeFile(path, bytes)
      const before = process.cpuUsage()
      const problem = await findProblem(path, sample, whole[at]!, first, random(3), executor)
      const { user, system } = process.cpuUsage(before)
      const ms = (user + system) / 1000
      const where = `${sample.name}, seed ${seed}, round ${round}`
      if (problem !== undefined) report.fail(`${where}: ${problem}`)
      else if (ms > MAX_MS) report.fail(`${where}: took ${ms.toFixed(0)} ms`)
      else report.pass()
      if (ms > longest.ms) longest = { ms, where }
      if (round === SETTLED_ROUNDS) settledBytes = process.memoryUsage().rss
    }
    const growth = process.memoryUsage().rss - settledBytes
    if (settledBytes > 0 && growth > MAX_GROWTH_BYTES)
      report.fail(`memory grew by ${Math.round(growth / 1e6)} MB over ${rounds} rounds`)
    const { ms, where } = longest
    report.say(
      `${rounds} damaged logs and databases of ${samples.length} kinds, the longest ${ms.toFixed(0)} ms (${where})`,
    )
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function findProblem(
  path: string,
  { isText }: Sample,
  whole: LogReading,
  firstDamage: number,
  size: number,
  executor: StretchExecutor<undefined>,
): Promise<string | undefined> {
  let reading: LogReading
  try {
    const options = size === 0 ? OPTIONS : { ...OPTIONS, stretchBytes: size * 1500 }
    reading = await readFileAsLog(path, options, executor)
  } catch (error) {
    if (isUnknownFormatError(error)) return undefined
    return error instanceof Error && error.name === 'MappingError'
      ? undefined
      : String((error as Error).stack)
  }
  const { account, events, rejects } = reading
  if (account.read !== events.length + rejects.length)
    return `${account.read} read, ${events.length} events and ${rejects.length} rejects`
  const fault = findFault(rejects)
  if (fault !== undefined) return fault
  if (!isText || account.format !== whole.account.format) return undefined
  const kept = whole.lines.filter((line) => line < firstDamage - LINES_OF_AN_EVENT).length
  for (let i = 0; i < kept; i++)
    if (JSON.stringify(events[i]) !== JSON.stringify(whole.events[i]))
      return `line ${whole.lines[i]} is in front of the damage (line ${firstDamage}) and was read as ${JSON.stringify(events[i])?.slice(0, 300)}`
  return undefined
}

/** Damages a file in a few places; in texts behind the part that they are known by. */
function damage(
  { bytes, isText }: Sample,
  random: (bound: number) => number,
): { readonly bytes: Buffer; readonly first: number } {
  let damaged = Buffer.from(bytes)
  const least = isText ? Math.floor(bytes.length / 2) : 0
  let firstAt = bytes.length
  for (let count = 1 + random(5); count > 0; count--) {
    const at = least + random(Math.max(1, damaged.length - least))
    firstAt = Math.min(firstAt, at)
    switch (random(6)) {
      case 0:
        damaged[at] = random(256)
        break
      case 1:
        damaged = damaged.subarray(0, at)
        break
      case 2:
        damaged.fill(random(2) * 0xff, at, Math.min(damaged.length, at + random(200)))
        break
      case 3: {
        const from = random(damaged.length)
        const some = damaged.subarray(from, from + random(300))
        damaged = Buffer.concat([damaged.subarray(0, at), some, damaged.subarray(at)])
        break
      }
      case 4:
        damaged = Buffer.concat([damaged.subarray(0, at), damaged.subarray(at + random(300))])
        break
      default:
        damaged.write(['\n', '"', '\\', '\0', '[[[[', '<999>', 'Jan 99 99:99:99'][random(7)]!, at)
    }
  }
  const first = countLines(bytes.subarray(0, firstAt)) + 1
  return { bytes: damaged, first }
}

function countLines(bytes: Buffer): number {
  let count = 0
  for (const byte of bytes) if (byte === 0x0a) count++
  return count
}

async function makeSamples(folder: string): Promise<readonly Sample[]> {
  const lines = (write: (i: number) => string, head = ''): Buffer =>
    Buffer.from(`${head}${Array.from({ length: 400 }, (_, i) => write(i)).join('\n')}\n`)
  const two = (n: number): string => String(n % 60).padStart(2, '0')
  const clock = (i: number): string => `10:${two(Math.floor(i / 60))}:${two(i)}`
  const texts: readonly (readonly [string, Buffer])[] = [
    [
      'syslog',
      lines(
        (i) =>
          `${['Nov 30', 'Dec 31', 'Jan  1'][Math.floor(i / 150)]} ${clock(i)} host sshd[${i}]: Failed password for root from 192.0.2.1 port ${i} ssh2`,
      ),
    ],
    [
      'rfc5424',
      lines(
        (i) =>
          `<${i % 190}>1 2026-01-01T${clock(i)}.${i}Z host app ${i} ID [a@1 x="${i}\\"" y="]"] text ${i}`,
      ),
    ],
    [
      'access',
      lines(
        (i) =>
          `192.0.2.1 - - [01/Jan/2026:${clock(i)} +0000] "GET /${i}?q=\\"x HTTP/1.1" 200 ${i} "-" "Agent \\"${i}"`,
      ),
    ],
    [
      'apache-error',
      lines(
        (i) =>
          `[Thu Jan 01 ${clock(i)}.123456 2026] [core:error] [pid ${i}] [client 192.0.2.1:80] AH00128: text ${i}`,
      ),
    ],
    [
      'nginx-error',
      lines(
        (i) =>
          `2026/01/01 ${clock(i)} [error] 1#${i}: *9 text, client: 192.0.2.1, request: "GET /${i} HTTP/1.1"`,
      ),
    ],
    [
      'iis',
      lines(
        (i) => `2026-01-01 ${clock(i)} GET /${i} 192.0.2.1 200`,
        '#Software: Microsoft Internet Information Services 10.0\n#Fields: date time cs-method cs-uri-stem c-ip sc-status\n',
      ),
    ],
    ['cri', lines((i) => `2026-01-01T${clock(i)}.${i}Z stdout ${i % 5 === 0 ? 'P' : 'F'} text ${i}`)],
    ['bash', lines((i) => (i % 2 === 0 ? `#${1767225600 + i}` : `command ${i}`))],
    ['zsh', lines((i) => `: ${1767225600 + i}:0;command ${i}${i % 6 === 0 ? '\\' : ''}`)],
    ['tasks', lines((i) => (i % 2 === 0 ? `"Task${i}.job" (x.exe)` : `\tStarted 1/1/2026 ${clock(i)}`))],
    ['lines', lines((i) => `2026-01-01 ${clock(i)},${i} INFO text ${i}`)],
    ['short years', lines((i) => `03/01/26 ${clock(i)} INFO text ${i}`)],
    [
      'no years',
      lines((i) => `[${['Nov 30', 'Dec 31', 'Jan  1'][Math.floor(i / 150)]} ${clock(i)}] text ${i}`),
    ],
    [
      'dhcp',
      lines(
        (i) => `${10 + (i % 8)},03/01/26,${clock(i)},Assign,192.0.2.7,host${i},A0B1C2D3E4F5,,${i},0,,,`,
        'Microsoft DHCP Service Activity Log\n\n10\tA lease.\n\nID,Date,Time,Description,IP Address,Host Name,MAC Address,User Name,TransactionID,QResult\n',
      ),
    ],
    [
      'setup-api',
      lines((i) =>
        [
          `${i % 3 === 0 ? '' : '>>>  '}[Device Install - ${i}]`,
          `>>>  Section start 2026/01/01 ${clock(i)}.250`,
          `     dvi: ${i}`,
          `<<<  Section end 2026/01/01 ${clock(i)}.750`,
          '<<<  [Exit status: SUCCESS]',
        ].join('\n'),
      ),
    ],
    ['audit', Buffer.from(makeAuditLog(120))],
    ['bodyfile', Buffer.from(makeBodyFile(300))],
  ]
  return [
    ...texts.map(([name, bytes]) => ({ name, bytes, isText: true })),
    { name: 'journal', bytes: makeJournalExport(200), isText: false },
    { name: 'chrome', bytes: await makeDatabase(join(folder, 'chrome'), CHROME, 'visits', 4), isText: false },
    {
      name: 'firefox',
      bytes: await makeDatabase(join(folder, 'firefox'), FIREFOX, 'moz_historyvisits', 5),
      isText: false,
    },
  ]
}

const CHROME = `CREATE TABLE urls (id INTEGER PRIMARY KEY, url TEXT, title TEXT, visit_count INTEGER, typed_count INTEGER, hidden INTEGER);
  CREATE TABLE visits (id INTEGER PRIMARY KEY, url INTEGER, visit_time INTEGER, transition INTEGER);
  CREATE TABLE downloads (id INTEGER PRIMARY KEY, target_path TEXT, start_time INTEGER, end_time INTEGER, state INTEGER);
  CREATE TABLE downloads_url_chains (id INTEGER, chain_index INTEGER, url TEXT, PRIMARY KEY (id, chain_index));
  INSERT INTO urls VALUES (1, 'https://a.example/', 'A', 1, 0, 0);
  INSERT INTO downloads VALUES (1, '/a', 13411699200000000, 13411699200000000, 1);
  INSERT INTO downloads_url_chains VALUES (1, 0, 'https://a.example/x')`
const FIREFOX = `CREATE TABLE moz_places (id INTEGER PRIMARY KEY, url TEXT, title TEXT, rev_host TEXT, visit_count INTEGER);
  CREATE TABLE moz_historyvisits (id INTEGER PRIMARY KEY, place_id INTEGER, from_visit INTEGER, visit_date INTEGER, visit_type INTEGER);
  INSERT INTO moz_places VALUES (1, 'https://a.example/', 'A', 'elpmaxe.a.', 1)`

async function makeDatabase(path: string, schema: string, table: string, columns: number): Promise<Buffer> {
  const database = new DatabaseSync(path)
  database.exec(`PRAGMA page_size = 1024; ${schema}; BEGIN`)
  const insert = database.prepare(`INSERT INTO ${table} VALUES (${Array(columns).fill('?').join(', ')})`)
  for (let i = 1; i <= 400; i++) {
    const time = 13_411_699_200_000_000 + i
    insert.run(...(columns === 4 ? [i, 1, time, 1] : [i, 1, i - 1, 1_767_225_600_000_000 + i, 1]))
  }
  database.exec('COMMIT')
  database.close()
  return await readFile(path)
}
