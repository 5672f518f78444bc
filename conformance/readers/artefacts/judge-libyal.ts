import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { readArtefact } from '../../../packages/ingest/src/artefacts/testing/read-artefact.ts'
import { CompoundFile } from '../../../packages/ingest/src/jump-lists/compound-file.ts'
import { readLnk } from '../../../packages/ingest/src/lnk/lnk.ts'
import { placeFile } from '../../../packages/ingest/src/pipeline/evidence-plan.ts'
import { readScca } from '../../../packages/ingest/src/prefetch/scca.ts'
import { unpackHuffman } from '../../../packages/ingest/src/prefetch/unpack-huffman.ts'
import { Hive, readHiveHeader } from '../../../packages/ingest/src/registry/hive/hive.ts'
import type { HiveKey } from '../../../packages/ingest/src/registry/hive/key-cell.ts'
import { takeLogs } from '../../../packages/ingest/src/registry/logs/take-logs.ts'
import type { Python } from '../python-oracles.ts'
import type { Report } from '../report.ts'
import { makeArtefacts, makeLoggedHives, type OracleKind } from './made-artefacts.ts'

/**
 * Holds artefacts against libyal's readers, value by value: those that are made here, and files that are given.
 *
 * @param given - `kind path` each, of files of one's own.
 */
export async function judgeAgainstLibyal(
  python: Python,
  given: readonly string[],
  report: Report,
): Promise<void> {
  if ('missing' in python) {
    report.skip(`libyal's readers: ${python.missing}`)
    return
  }
  const folder = await mkdtemp(join(tmpdir(), 'timeskein-artefacts-'))
  try {
    const questions: { name: string; kind: OracleKind; path: string }[] = []
    for (const [i, { name, oracle, bytes }] of makeArtefacts().entries()) {
      if (oracle === undefined) continue
      const path = join(folder, String(i))
      await writeFile(path, bytes)
      questions.push({ name, kind: oracle, path })
    }
    for (const [i, { name, hive, logs }] of makeLoggedHives().entries()) {
      const path = join(folder, `logged${i}`)
      await writeFile(path, hive)
      for (const [ending, log] of Object.entries(logs)) await writeFile(path + ending, log)
      questions.push({ name, kind: 'logged', path })
    }
    for (const line of given) {
      const [kind = '', ...path] = line.split(' ')
      // Whoever gives files names one of the kinds; another fails in the oracle.
      questions.push({ name: path.join(' '), kind: kind as OracleKind, path: path.join(' ') })
    }
    let place = 0
    for await (const theirs of ask(python.command, questions)) {
      const { name, kind, path } = questions[place++]!
      const ours = await OURS[kind](await readFile(path), path)
      const [a, b] = [normalise(ours), normalise(theirs)]
      if (a === b) report.pass()
      else report.fail(`${name}: ours and libyal's differ ${showDifference(a, b)}`)
    }
    if (place < questions.length) report.fail(`libyal answered ${place} of ${questions.length} questions`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function* ask(
  command: string,
  questions: readonly { kind: string; path: string }[],
): AsyncGenerator<unknown> {
  const child = spawn(command, [join(import.meta.dirname, 'oracles.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.end(questions.map(({ kind, path }) => `${kind} ${path}\n`).join(''))
  for await (const line of createInterface({ input: child.stdout })) yield JSON.parse(line)
}

/** What is not there is as what is empty, on both sides; names keep their order. */
function normalise(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) => (one === null || one === '' ? undefined : one))
}

function showDifference(ours: string, theirs: string): string {
  let at = 0
  while (at < ours.length && ours[at] === theirs[at]) at++
  const start = Math.max(0, at - 60)
  return `behind ${JSON.stringify(ours.slice(start, at))}: ${JSON.stringify(ours.slice(at, at + 80))} and ${JSON.stringify(theirs.slice(at, at + 80))}`
}

const OURS: Readonly<Record<OracleKind, (bytes: Buffer<ArrayBuffer>, path: string) => unknown>> = {
  hive: readHive,
  logged: async (bytes, path) => readHive((await takeLogs(bytes, placeFile(path))).bytes),
  mft: readTable,
  prefetch: readPrefetch,
  lnk: readShortcut,
  compound: (bytes) => {
    const file = new CompoundFile(bytes)
    return Object.fromEntries(file.names.map((name) => [name, file.read(name)!.bytes.toString('hex')]))
  },
}

function readHive(bytes: Buffer): unknown {
  const hive = new Hive(bytes, readHiveHeader(bytes)!)
  const keys: unknown[] = []
  const walk = (key: HiveKey, path: readonly string[]): void => {
    const values = [...hive.listValues(key)].map((value) => [
      value.name,
      value.type,
      showData(hive.readData(value)),
    ])
    keys.push({ path: path.join('\\'), written: key.writtenHigh * 2 ** 32 + key.writtenLow, values })
    for (const child of hive.listKeys(key)) walk(child, [...path, child.name])
  }
  walk(hive.root!, [])
  return keys
}

/** As `show` in `oracles.py`, which says why. */
function showData(data: Buffer | undefined): string {
  const hex = data?.toString('hex').replace(/(?:00)+$/, '') ?? ''
  return hex.length <= 8 ? 'short' : hex
}

/** Events of a table put together again: one for each attribute, in the order of the entries. */
async function readTable(bytes: Buffer): Promise<unknown> {
  const { events } = await readArtefact(bytes)
  const found = new Map<string, unknown>()
  for (const event of events) {
    const type = Number(event['attribute_type'])
    const reference = String(event['file_reference'])
    const hint = type === 48 ? (event['path_hints'] as string[])[0] : undefined
    found.set(`${reference}|${type}|${event['name']}|${hint}`, {
      reference,
      type,
      used: event['is_allocated'],
      name: event['name'],
      hint,
      times: ['creation_time', 'modification_time', 'entry_modification_time', 'access_time'].map((field) =>
        toFileTime(event[field]),
      ),
    })
  }
  // libyal goes by the place in the entry, where $STANDARD_INFORMATION comes first.
  const numberOf = (reference: string): number => Number(reference.split('-')[0])
  return [...found.values()].toSorted((a, b) => {
    const [one, other] = [a, b] as { reference: string; type: number }[]
    return numberOf(one!.reference) - numberOf(other!.reference) || one!.type - other!.type
  })
}

/** As a double: both sides lose the same digits. */
function toFileTime(text: unknown): number {
  if (typeof text !== 'string') return 0
  const ticks = BigInt(Date.parse(`${text.slice(0, 19)}Z`)) * 10_000n + 116_444_736_000_000_000n
  return Number(ticks + BigInt(text.slice(20, 27)))
}

function readPrefetch(file: Buffer): unknown {
  const isPacked = file.toString('latin1', 0, 3) === 'MAM'
  const bytes = isPacked ? unpackHuffman(file.subarray(8), file.readUInt32LE(4)).bytes : file
  const facts = readScca(bytes)
  if (typeof facts === 'string') return facts
  return {
    version: facts.version,
    executable: facts.executable,
    hash: facts.hash,
    runCount: facts.runCount,
    times: facts.runTimes.map(toFileTime),
    files: facts.mappedFiles.map((name) => name.replace(/ \[\d+-\d+\]$/, '')),
    volumes: facts.volumes.map(({ devicePath, createdAt, serialNumber }) => [
      devicePath,
      toFileTime(createdAt),
      serialNumber,
    ]),
  }
}

function readShortcut(bytes: Buffer): unknown {
  const { fields } = readLnk(bytes)
  const texts = [
    'file_size',
    'file_attribute_flags',
    'local_path',
    'network_path',
    'description',
    'relative_path',
    'working_directory',
    'command_line_arguments',
    'icon_location',
    'env_var_location',
    'volume_label',
    'drive_serial_number',
    'machine_identifier',
    'droid_volume_identifier',
    'droid_file_identifier',
  ]
  return {
    times: ['creation_time', 'access_time', 'modification_time'].map((field) => toFileTime(fields[field])),
    ...Object.fromEntries(texts.map((name) => [name, fields[name]])),
  }
}
