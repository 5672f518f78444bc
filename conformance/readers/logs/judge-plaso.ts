import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LogReading, readFileAsLog } from '../../../packages/ingest/src/logs/testing/read-log.ts'
import { buildEvidence } from '../plaso/build-evidence.ts'
import { exportJsonLines, makeStorage } from '../plaso/plaso-tools.ts'
import type { Python } from '../python-oracles.ts'
import type { Report } from '../report.ts'

/** The kinds of events that Plaso's parsers and our readers both make. */
const COMPARED: ReadonlySet<string> = new Set([
  ...['syslog:line', 'syslog:cron:task_run', 'syslog:ssh:login', 'syslog:ssh:opened_connection'],
  ...['selinux:line', 'iis:log:line', 'bash:history:entry', 'shell:zsh:history', 'fs:bodyfile:entry'],
  ...['docker:container:log:entry', 'apache:access_log:entry', 'windows:firewall_log:entry'],
  ...['chrome:history:page_visited', 'chrome:history:file_downloaded', 'chrome:cookie:entry'],
  ...['firefox:places:page_visited', 'firefox:places:bookmark', 'firefox:places:bookmark_folder'],
])

/** Members of Plaso's events that say how it read them, or that our readers have otherwise, and why. */
const PASSED_OVER: ReadonlySet<string> = new Set([
  ...[
    '__container_type__',
    '__type__',
    'date_time',
    'parser',
    'pathspec',
    'display_name',
    'inode',
    'filename',
  ],
  ...['timestamp', 'timestamp_desc', 'sha256_hash', 'query', 'offset', 'tag'],
  // Worded by our own formatters.
  'message',
  // A cookie's value is left out.
  'data',
  // Plaso compares the number with a text, and so always finds false.
  'url_hidden',
  // The folder's name: our readers go by content.
  'container_identifier',
  // Plaso has the text turned round in bookmarks.
  'hostname',
  // We name logins in more spellings than Plaso knows, which has them as plain lines.
  'data_type',
])

type PlasoEvent = Readonly<Record<string, unknown>>

/** What Plaso's own parsers (PyPI) make of small logs and browser databases, event by event and field by field. */
export async function judgeAgainstPlaso(python: Python, report: Report): Promise<void> {
  if ('missing' in python) {
    report.skip(python.missing)
    return
  }
  const folder = await mkdtemp(join(tmpdir(), 'timeskein-plaso-'))
  try {
    const evidence = join(folder, 'evidence')
    const storage = join(folder, 'made.plaso')
    const output = join(folder, 'made.jsonl')
    await buildEvidence(evidence, 0)
    await makeStorage(python.command, evidence, storage)
    await exportJsonLines(python.command, storage, output)
    const theirs = await readEvents(output)
    let count = 0
    for (const [path, events] of theirs) {
      const compared = events.filter((event) => COMPARED.has(String(event['data_type'])))
      if (compared.length === 0) continue
      count += compared.length
      compare(path.slice(evidence.length + 1), compared, await readFileAsLog(path), report)
    }
    report.say(`${count} events of ${theirs.size} files against Plaso`)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Plaso's events by the path of their file. */
async function readEvents(path: string): Promise<ReadonlyMap<string, readonly PlasoEvent[]>> {
  const events = (await readFile(path, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as PlasoEvent)
  const located = events.filter((event) => findPath(event) !== undefined)
  return Map.groupBy(located, (event) => String(findPath(event)))
}

/** Where the file stands; undefined where it is in another one, which our readers are asked for by itself. */
function findPath(event: PlasoEvent): unknown {
  return (event['pathspec'] as PlasoEvent | undefined)?.['location']
}

function compare(
  name: string,
  theirs: readonly PlasoEvent[],
  { events, mapping }: LogReading,
  report: Report,
): void {
  const { aliases, constants } = mapping.profile
  const find = (event: PlasoEvent, field: string): unknown =>
    event[field] ?? event[aliases[field] ?? ''] ?? constants[field]
  const timeOf = (event: PlasoEvent): number =>
    Date.parse(
      String(mapping.times.map(({ fields }) => event[fields[0]!]).find((time) => time !== undefined)),
    )
  const left = new Map<string, PlasoEvent[]>()
  for (const event of events)
    for (const description of String(find(event, 'timestamp_desc')).split('; ')) {
      const key = `${timeOf(event)} ${description}`
      left.set(key, [...(left.get(key) ?? []), event])
    }
  for (const event of theirs) {
    const key = `${Math.floor(Number(event['timestamp']) / 1000)} ${event['timestamp_desc']}`
    const candidates = left.get(key) ?? []
    const differences = candidates.map((ours) => findDifference(ours, event, find))
    const equal = differences.indexOf(undefined)
    if (equal >= 0) {
      candidates.splice(equal, 1)
      report.pass()
    } else
      report.fail(
        `${name}, ${key}: ${differences[0] ?? `we have no such event; Plaso has ${String(event['message']).slice(0, 200)}`}`,
      )
  }
}

function findDifference(
  ours: PlasoEvent,
  theirs: PlasoEvent,
  find: (event: PlasoEvent, field: string) => unknown,
): string | undefined {
  for (const [field, value] of Object.entries(theirs)) {
    // Plaso keeps `-` where a log says that there is no value.
    if (PASSED_OVER.has(field) || value === null || value === '' || value === '-') continue
    const found = find(ours, field)
    if (String(found).trimEnd() !== String(value).trimEnd())
      return `${field} is ${JSON.stringify(found)}, Plaso has ${JSON.stringify(value)}`
  }
  return undefined
}
