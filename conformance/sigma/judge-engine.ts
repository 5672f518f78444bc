import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { detect, openLiveMatcher, readRuleSet } from '@timeskein/analyze/detect'
import { openDuckDbStore } from '@timeskein/store'
import { importRows, TEST_INDEX } from '../../packages/store/src/contract/ask-helpers.ts'
import { makeBatch } from '../../packages/store/src/contract/make-batch.ts'
import { evaluateRule } from './evaluate-rule.ts'
import { HitLists } from './hit-lists.ts'
import { makeEvents, makeRandom, makeRule, NAMES, NAMES_PIPELINE } from './random-rules.ts'
import type { Tally } from './tally.ts'

/** A rule without an id is named by where it stands. */
const keyOf = (at: number): string => `rule ${at}:1`

/** Texts are made longer than the columns of the store take, in some of the events. */
const LONG_EVERY = 7
const LONG_TAIL = ` ${'tail '.repeat(70)}`
/** In some of the events texts have several lines, some of them the same in each. */
const LINED_EVERY = 5
const BATCH_ROWS = 25

/**
 * Random rules over random events, all in one run: the hits of the engine, over stored events, over those of a second half alone and
 * over batches as they come, are those of the specification.
 */
export async function judgeEngine(
  {
    seed,
    rules: count,
    events: eventCount,
  }: { readonly seed: number; readonly rules: number; readonly events: number },
  tally: Tally,
): Promise<void> {
  const random = makeRandom(seed)
  const events = makeEvents(random, eventCount)
    .map((event, at) =>
      at % LINED_EVERY === 0 ? changeTexts(event, (text) => `a\n${text}\nb\n${text}`) : event,
    )
    .map((event, at) => (at % LONG_EVERY === 0 ? changeTexts(event, (text) => `${text}${LONG_TAIL}`) : event))
  const detections = Array.from({ length: count }, () => makeRule(random))
  const sources = detections.map((detection, at) => ({
    file: `rule ${at}`,
    text: JSON.stringify({ title: `rule ${at}`, logsource: { product: 'x' }, detection }),
  }))
  const rules = readRuleSet(sources)
  const directory = await mkdtemp(join(tmpdir(), 'timeskein-sigma-'))
  try {
    await using store = await openDuckDbStore({ directory })
    await importRows(store, { rows: events, batchRows: BATCH_ROWS })
    const scope = [{ index: TEST_INDEX }]
    const pipelines = [[NAMES_PIPELINE]]
    const request = { scope, rules, pipelines }
    const stored = new HitLists()
    const report = await detect(store, request, (hits) => stored.add(hits))
    const half = Math.floor(events.length / 2)
    const later = new HitLists()
    await detect(store, { ...request, since: { [TEST_INDEX]: half } }, (hits) => later.add(hits))
    const live = new HitLists()
    const matcher = openLiveMatcher(rules, { pipelines })
    for (let start = 0; start < events.length; start += BATCH_ROWS) {
      const batch = makeBatch(events.slice(start, start + BATCH_ROWS), start)
      const profile = { aliases: {}, constants: {} }
      matcher.match(batch, { index: TEST_INDEX, timelineId: 1, firstSeq: start, profile }).forEach((hits) => {
        live.add(hits)
      })
    }
    const unsupported = new Set(report.unsupported.map(({ rule }) => rule))
    let hits = 0
    for (const [at, detection] of detections.entries()) {
      const title = `rule ${at}`
      if (unsupported.has(title)) {
        tally.expect(false, `engine: ${JSON.stringify(detection)} can be run`)
        continue
      }
      const wanted = events.flatMap((event, row) => (evaluateRule(detection, event, NAMES) ? [row] : []))
      hits += wanted.length
      for (const [name, found, expected] of [
        ['stored', stored.of(keyOf(at)), wanted],
        ['later', later.of(keyOf(at)), wanted.filter((row) => row >= half)],
        ['live', live.of(keyOf(at)), wanted],
      ] as const) {
        const isSame = JSON.stringify(found) === JSON.stringify(expected)
        const message = `engine, ${name}: ${JSON.stringify(detection)}\n  wanted ${expected}\n  found ${found}`
        tally.expect(isSame, message)
      }
    }
    tally.expect(report.hits === hits, `engine: ${hits} hits reported, found ${report.hits}`)
    const told = report.matched.length + report.unmatched.length + report.unsupported.length
    tally.expect(told === count, `engine: every rule is told once, ${count} expected, found ${told}`)
    tally.say(`engine: ${count} random rules over ${events.length} events in one run, ${hits} hits`)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

function changeTexts<Event extends object>(event: Event, change: (text: string) => string): Event {
  const entries = Object.entries(event).map(([name, value]) => [
    name,
    typeof value === 'string' ? change(value) : value,
  ])
  return Object.fromEntries(entries)
}
