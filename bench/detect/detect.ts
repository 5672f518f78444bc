import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PlanFiles } from '@timeskein/analyze'
import {
  detect,
  KeptPlans,
  openLiveMatcher,
  packRuleSet,
  readRuleSet,
  unpackRuleSet,
} from '@timeskein/analyze/detect'
import type { Query } from '@timeskein/query'
import {
  choosePipelines,
  compileDocuments,
  OWN_PIPELINES,
  parsePipeline,
  type SigmaSource,
} from '@timeskein/query/sigma'
import { type EventStore, openDuckDbStore, type ValueReading } from '@timeskein/store'
import { boundYoungGeneration } from '../../packages/cli/src/server/bound-young-generation.ts'
import { readEvidence } from '../../packages/ingest/src/index.ts'
import { hasRealEvents, takeRealEvents } from '../data/real-events.ts'
import { makeSyntheticJsonLines } from '../data/synthetic.ts'
import type { Figure } from '../figures.ts'
import { runSkein } from '../skein-process.ts'
import { tellStep } from '../tell-step.ts'
import { makeRules } from './made-rules.ts'
import { measureUnpacking } from './unpacking.ts'

const PACKED_RULES = join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'sigmahq-rules.tar.zst')
/** Rules that are asked one by one for comparison: each of so many. */
const ONE_BY_ONE = 200
const LIVE_EVENTS = 50_000
const MEMORY_EVERY_MS = 50

/** All rules in one run, the same from what is kept of them, some as one question each, and batches as they come. */
export async function benchDetect(events: number, realEvents: number): Promise<readonly Figure[]> {
  const directory = await mkdtemp(join(tmpdir(), 'timeskein-bench-'))
  try {
    const isReal = hasRealEvents() && existsSync(PACKED_RULES)
    const file = isReal ? await takeRealEvents(realEvents) : await makeSyntheticJsonLines(events)
    tellStep(`import of ${isReal ? 'real' : 'synthetic'} events to detect in`)
    await runSkein(['import', file, '--sketch', 'detect', '--data', directory, '--quiet'])
    const sources = isReal ? await readRules(directory) : makeRules()
    const figures: Figure[] = []
    {
      await using store = await openDuckDbStore({ directory: join(directory, 'indexes') })
      figures.push(...(await measureRuns(store, sources)))
      figures.push(await measureOneByOne(store, sources))
      figures.push(await measureUnpacking(store))
    }
    figures.push(await measureLive(file, sources))
    const folder = join(directory, 'rules-read')
    await writeRules(folder, sources)
    figures.push(...(await measureCommand(directory, folder)))
    return figures
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function readRules(directory: string): Promise<readonly SigmaSource[]> {
  spawnSync('tar', ['--zstd', '-xf', PACKED_RULES, '-C', directory])
  return globSync('rules*/**/*.yml', { cwd: directory })
    .sort()
    .map((name) => ({ file: name, text: readFileSync(join(directory, name), 'utf8') }))
}

async function writeRules(folder: string, sources: readonly SigmaSource[]): Promise<void> {
  for (const [number, { text }] of sources.entries()) {
    const part = join(folder, String(Math.floor(number / 500)))
    await mkdir(part, { recursive: true })
    await writeFile(join(part, `${number}.yml`), text)
  }
}

async function measureRuns(store: EventStore, sources: readonly SigmaSource[]): Promise<Figure[]> {
  tellStep(`${sources.length} files of rules in one run`)
  const scope = (await store.listIndexes()).map(({ index }) => ({ index }))
  using _bound = boundYoungGeneration()
  let peakBytes = 0
  const watch = setInterval(() => {
    peakBytes = Math.max(peakBytes, process.memoryUsage.rss())
  }, MEMORY_EVERY_MS)
  const startMs = performance.now()
  const rules = readRuleSet(sources)
  const parsed = seconds(startMs)
  const before = process.cpuUsage()
  const first = await detect(store, { scope, rules }, () => {})
  const { user, system } = process.cpuUsage(before)
  for (const { name, seconds: took } of first.steps) tellStep(`  ${name}: ${took.toFixed(2)} s`)
  for (const { title, seconds: took, why } of first.slow)
    tellStep(`  slow: ${title}, ${took.toFixed(2)} s: ${why}`)

  // What the library keeps in files, here in memory: made by a run before.
  const hash = 'bench'
  const packed = packRuleSet({ ...rules, hash })
  const files = new Map<string, Uint8Array>()
  const keeper: PlanFiles = {
    read: async (name) => files.get(name),
    write: async (name, bytes) => {
      files.set(name, bytes)
    },
  }
  await new KeptPlans(keeper).take({ ...rules, hash }, listFields(await store.readValues(scope)))
  const unpackMs = performance.now()
  const kept = unpackRuleSet(packed)!
  const unpacked = seconds(unpackMs)
  const plans = new KeptPlans(keeper)
  const library = await detect(store, { scope, rules: kept, plans }, () => {})
  const again = await detect(store, { scope, rules: kept, plans }, () => {})
  clearInterval(watch)
  const [compile, compileKept, compileAgain] = [first, library, again].map(
    ({ steps }) => steps.find(({ name }) => name === 'compile')?.seconds ?? 0,
  ) as [number, number, number]
  const keptMb = ([...files.values()].reduce((sum, { length }) => sum + length, packed.length) / 1e6).toFixed(
    0,
  )
  const found = `${first.rules} rules, ${first.events.toLocaleString('en')} events, ${first.hits.toLocaleString('en')} hits of ${first.matched.length} rules`
  return [
    { name: 'detection, rules as YAML', ours: parsed + first.seconds, unit: 's', note: found },
    {
      name: 'detection, rules in the library',
      ours: unpacked + library.seconds,
      unit: 's',
      note: 'first run of a process: plans from files, nothing known of the events',
    },
    {
      name: 'the same again',
      ours: again.seconds,
      unit: 's',
      note: 'which values, words and sources answer what is asked is known from the run before',
    },
    { name: 'processor time of the first', ours: (user + system) / 1e6, unit: 's', note: 'both cores' },
    { name: 'peak memory of these', ours: peakBytes / 1e6, unit: 'MB', note: 'the whole process' },
    { name: 'rules read and compiled', ours: parsed + compile, unit: 's', note: 'from YAML' },
    { name: 'the same, kept', ours: unpacked + compileKept, unit: 's', note: `${keptMb} MB kept` },
    {
      name: 'the same, kept in memory',
      ours: compileAgain,
      unit: 's',
      note: 'as a server has it from its second run on',
    },
  ]
}

function listFields(reading: ValueReading): ReadonlySet<string> {
  using open = reading
  return new Set(open.indexes.flatMap(({ fieldNames }) => [...fieldNames]))
}

/** As somebody types it: one process each, tags, alerts and incidents stored. */
async function measureCommand(directory: string, rules: string): Promise<Figure[]> {
  tellStep('skein detect, hits stored')
  const at = ['--sketch', 'detect', '--data', directory, '--quiet']
  const files = await runSkein(['detect', '--rules', rules, ...at])
  await runSkein(['rules', 'add', rules, '--data', directory, '--quiet'])
  await runSkein(['detect', ...at])
  const library = await runSkein(['detect', ...at])
  const note = 'the whole command; tags, alerts and incidents stored'
  return [
    { name: 'skein detect --rules', ours: files.seconds, unit: 's', note },
    { name: 'peak memory of that', ours: files.peakBytes / 1e6, unit: 'MB', note: 'the whole process' },
    {
      name: 'skein detect, rules in the library',
      ours: library.seconds,
      unit: 's',
      note: 'a second command, all it finds is stored already',
    },
  ]
}

async function measureOneByOne(store: EventStore, sources: readonly SigmaSource[]): Promise<Figure> {
  tellStep('each rule as one question')
  const scope = (await store.listIndexes()).map(({ index }) => ({ index }))
  using reading = await store.readValues(scope)
  const fields = new Set(reading.indexes.flatMap(({ fieldNames }) => [...fieldNames]))
  const { documents } = readRuleSet(sources)
  const questions: Query[] = []
  for (const chain of choosePipelines(fields)) {
    const pipelines = chain.map((name) => parsePipeline({ file: name, text: OWN_PIPELINES.get(name)! }))
    const { rules } = compileDocuments(documents, { pipelines })
    questions.push(...rules.map(({ query }) => query))
  }
  const step = Math.max(1, Math.floor(questions.length / ONE_BY_ONE))
  const some = questions.filter((_, at) => at % step === 0)
  const startMs = performance.now()
  for (const query of some) await store.count({ scope, query })
  const mean = seconds(startMs) / some.length
  const note = `${some.length} of ${questions.length} questions asked, ${(mean * 1000).toFixed(0)} ms each`
  return { name: 'each rule as one question, all of them', ours: mean * questions.length, unit: 's', note }
}

async function measureLive(file: string, sources: readonly SigmaSource[]): Promise<Figure> {
  tellStep('batches as they come')
  const matcher = openLiveMatcher(readRuleSet(sources))
  let firstSeq = 0
  let measured = 0
  let spentMs = 0
  let hits = 0
  for await (const item of readEvidence({ path: file })) {
    if (item.kind !== 'batch') continue
    const target = { index: '0'.repeat(32), timelineId: 1, firstSeq, profile: { aliases: {}, constants: {} } }
    const startMs = performance.now()
    hits += matcher.match(item.batch, target).length
    // The first batch compiles what rules ask.
    if (firstSeq > 0) {
      spentMs += performance.now() - startMs
      measured += item.batch.rowCount
    }
    firstSeq += item.batch.rowCount
    if (firstSeq >= LIVE_EVENTS) break
  }
  const note = `${measured.toLocaleString('en')} events after those of the first batch, ${hits} rules hit in batches; one core`
  return { name: 'live batches', ours: (measured / spentMs) * 1000, unit: 'events/s', note }
}

function seconds(sinceMs: number): number {
  return (performance.now() - sinceMs) / 1000
}
