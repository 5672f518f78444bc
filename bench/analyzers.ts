import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSystem, type Principal, type System } from '@timeskein/server'
import type { Figure } from './figures.ts'
import { tellStep } from './tell-step.ts'

/** What is run, each over all events. */
const ANALYZERS = [
  'domain',
  'browser_search',
  'phishy_domains',
  'browser_timeframe',
  'login',
  'chain',
] as const
/** Events that are also written one by one, to compare. */
const ONE_BY_ONE = 300

/** Analyzers over a browser history with logons in it, beside the same marks written with one update for each event. */
export async function benchAnalyzers(events: number): Promise<readonly Figure[]> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'timeskein-bench-'))
  const system = await openSystem({ dataDirectory })
  try {
    const admin = await system.services.auth.localPrincipal('admin')
    const sketch = await system.services.sketches.create(admin, { name: 'analyzers' })
    tellStep(`import of ${events.toLocaleString('en')} events to analyse`)
    const started = await system.services.imports.start(admin, {
      sketchId: sketch.id,
      timeline: { name: 'evidence' },
      inputs: [{ name: 'evidence.jsonl', stream: makeLines(events) }],
    })
    const { timelineId } = await started.ended
    const single = await measureOneByOne(system, admin, sketch.id)
    const figures: Figure[] = []
    for (const name of ANALYZERS) {
      tellStep(`analyzer ${name}`)
      figures.push(
        await measureAnalyzer(system, admin, { sketchId: sketch.id, timelineId, name, events, single }),
      )
    }
    return figures
  } finally {
    await system.close()
    await rm(dataDirectory, { recursive: true, force: true })
  }
}

async function measureAnalyzer(
  { services }: System,
  admin: Principal,
  place: { sketchId: number; timelineId: number; name: string; events: number; single: number },
): Promise<Figure> {
  const { sketchId, timelineId, name, events, single } = place
  const request = { timelineIds: [timelineId], names: [name], force: true }
  const [session] = await services.analyzers.run(admin, sketchId, request)
  const { analyses } = await services.analyzers.wait(admin, sketchId, session!.id)
  const own = analyses.find(({ analyzer }) => analyzer === name)!
  if (own.status !== 'DONE') throw new Error(`${name}: ${own.result}`)
  const before = analyses[analyses.indexOf(own) - 1]?.statusChangedAtMs ?? own.createdAtMs
  const seconds = Math.max(1, own.statusChangedAtMs - before) / 1000
  const marked = (await services.marks.history(admin, sketchId, { limit: 1000 }))
    .filter((operation) => operation.queryText === `analyzer: ${name}` && operation.kind === 'attribute')
    .reduce((sum, { matched }) => sum + matched, 0)
  const alone = events / single + marked / single
  return {
    name: `analyzer ${name}`,
    ours: events / seconds,
    unit: 'events/s',
    note: `${marked.toLocaleString('en')} marked in ${seconds.toFixed(1)} s; with one question and one update an event ${Math.round(alone / seconds)} times as long`,
  }
}

/** Events a second when each is asked for and marked by itself. */
async function measureOneByOne({ services }: System, admin: Principal, sketchId: number): Promise<number> {
  tellStep(`${ONE_BY_ONE} events, one by one`)
  const { events } = await services.explore.search(admin, {
    sketchId,
    query: { kind: 'all' },
    size: ONE_BY_ONE,
  })
  const start = performance.now()
  const groupId = 'one-by-one'
  for (const { id } of events) {
    await services.explore.search(admin, { sketchId, query: { kind: 'ids', values: [id] }, size: 1 })
    await services.marks.setAttributes(admin, sketchId, [{ eventId: id, name: 'bench', value: 1 }], {
      groupId,
    })
  }
  const seconds = (performance.now() - start) / 1000
  const [last] = await services.marks.history(admin, sketchId, { limit: 1 })
  await services.marks.undo(admin, last!.id)
  return events.length / seconds
}

/** Visits over thirty days, most of them at day, to 500 domains; of a hundred events five are searches and two logons. */
async function* makeLines(count: number): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  let text = ''
  for (let n = 0; n < count; n++) {
    text += `${JSON.stringify(makeEvent(n))}\n`
    if (text.length < 1_000_000) continue
    yield encoder.encode(text)
    text = ''
  }
  yield encoder.encode(text)
}

function makeEvent(n: number): object {
  const hour = n % 50 === 0 ? 3 : 8 + (n % 10)
  const time = Date.UTC(2024, 0, 1 + (n % 30), hour, n % 60, (n * 7) % 60)
  const base = { datetime: new Date(time).toISOString(), timestamp_desc: 'Logged' }
  if (n % 50 === 1)
    return {
      ...base,
      message: 'logon',
      data_type: 'windows:evtx:record',
      event_identifier: 4624,
      LogonType: 3,
      TargetUserName: `user${n % 40}`,
      IpAddress: `10.0.0.${n % 200}`,
    }
  const rank = Math.floor(500 * (((n * 2_654_435_761) % 1_000_003) / 1_000_003) ** 3)
  const url =
    n % 20 === 2
      ? `https://www.google.com/search?q=word${n % 3000}+more`
      : `https://www.site-${rank}.example/page/${n}`
  return { ...base, message: `visited ${url}`, source_short: 'WEBHIST', url }
}
