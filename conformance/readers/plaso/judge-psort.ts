import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { type FormatterDefinition, readEvidence } from '../../../packages/ingest/src/index.ts'
import { readFormatters } from '../../../packages/server/src/import/input/read-formatters.ts'
import type { Python } from '../python-oracles.ts'
import type { Report } from '../report.ts'
import { buildEvidence } from './build-evidence.ts'
import { exportDocuments, exportJsonLines, findData, makeStorage } from './plaso-tools.ts'

type Event = Readonly<Record<string, unknown>>

/** psort writes the address of an object where a formatter misses an attribute. */
const ADDRESS = / object at 0x[0-9a-f]+>/

/**
 * Storage files that Plaso makes of evidence of ours give the events that its psort writes for Timesketch, field by field and in the
 * same order, by the same formatters; the parser, which those documents lack, is that of psort's JSON lines.
 */
export async function judgeAgainstPsort(python: Python, report: Report): Promise<void> {
  if ('missing' in python) {
    report.skip(python.missing)
    return
  }
  const { command } = python
  const folder = await mkdtemp(join(tmpdir(), 'timeskein-plaso-'))
  try {
    const storage = join(folder, 'made.plaso')
    const evidence = join(folder, 'evidence')
    await buildEvidence(evidence)
    await makeStorage(command, evidence, storage)
    const [documents, lines] = [join(folder, 'documents.jsonl'), join(folder, 'lines.jsonl')]
    await exportDocuments(command, storage, documents)
    await exportJsonLines(command, storage, lines)
    const data = await findData(command)
    const formatters = await readFormatters(join(data, 'formatters'))
    const ours = await readOurs(storage, formatters, join(data, 'winevt-rc.db'))
    compare(ours, await readLines(documents), await readLines(lines), report)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function compare(
  ours: readonly Event[],
  documents: readonly Event[],
  lines: readonly Event[],
  report: Report,
): void {
  if (ours.length !== documents.length || ours.length !== lines.length) {
    report.fail(`${ours.length} events, psort has ${documents.length} documents and ${lines.length} lines`)
    return
  }
  let addresses = 0
  const types = new Set<unknown>()
  for (const [i, event] of ours.entries()) {
    const document = documents[i]!
    types.add(document['data_type'])
    if (ADDRESS.test(String(document['message']))) addresses++
    const difference =
      findDifference(event, document) ??
      (event['parser'] === lines[i]!['parser']
        ? undefined
        : `parser ${event['parser']}, not ${lines[i]!['parser']}`)
    if (difference === undefined) report.pass()
    else report.fail(`event ${i + 1} (${document['data_type']}): ${difference}`)
  }
  const tagged = ours.filter((event) => event['tag'] !== undefined).length
  report.say(
    `${ours.length} events of ${types.size} data types against psort, ${tagged} with tags, ${addresses} with an address in its message`,
  )
}

/** @returns What differs first; undefined where all fields of psort's document are ours. */
function findDifference(ours: Event, document: Event): string | undefined {
  for (const [name, theirs] of Object.entries(document)) {
    // What it is for, and what newer releases leave empty.
    if (name === '__ts_timeline_id' || name === 'parser') continue
    const mine = name === 'tag' ? (ours[name] ?? []) : ours[name]
    if (name === 'message' && ADDRESS.test(String(theirs))) continue
    if (!isEqual(name, mine, theirs)) return `${name} is ${show(mine)}, not ${show(theirs)}`
  }
  return undefined
}

function isEqual(name: string, mine: unknown, theirs: unknown): boolean {
  // Times are kept to the nanosecond, rounded in theirs.
  if (name === 'datetime') return Math.abs(Date.parse(String(mine)) - Date.parse(String(theirs))) <= 1
  if (name === 'path_spec') return isDeepStrictEqual(JSON.parse(String(mine)), JSON.parse(String(theirs)))
  return isDeepStrictEqual(mine, theirs)
}

function show(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 300) ?? 'missing'
}

async function readOurs(
  path: string,
  formatters: readonly FormatterDefinition[],
  messageResources: string,
): Promise<Event[]> {
  const events: Event[] = []
  for await (const item of readEvidence({ path }, { formatters, messageResources })) {
    if (item.kind === 'rejects') throw new Error(`${path}: ${item.rejects[0]?.detail}`)
    if (item.kind !== 'batch') continue
    const { source, rowCount } = item.batch
    for (let row = 0; row < rowCount; row++) {
      const text = source.bytes.subarray(source.offsets[row], source.offsets[row + 1])
      events.push(JSON.parse(new TextDecoder().decode(text)))
    }
  }
  return events
}

async function readLines(path: string): Promise<Event[]> {
  const text = await readFile(path, 'utf8')
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}
