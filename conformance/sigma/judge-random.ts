import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compileSigma } from '@timeskein/query/sigma'
import { openDuckDbStore } from '@timeskein/store'
import { importRows, TEST_INDEX } from '../../packages/store/src/contract/ask-helpers.ts'
import { evaluateQuery } from './evaluate-query.ts'
import { evaluateRule } from './evaluate-rule.ts'
import { makeEvents, makeRandom, makeRule, NAMES, NAMES_PIPELINE } from './random-rules.ts'
import type { Tally } from './tally.ts'

/** Of so many rules one is asked of the embedded store as well. */
const RULES_A_STORE_QUESTION = 4

/**
 * Random rules and random events: the hits of the compiled question, by a plain evaluator and by the embedded store, are those that the
 * specification gives.
 */
export async function judgeRandom(
  { seed, rules, events: count }: { readonly seed: number; readonly rules: number; readonly events: number },
  tally: Tally,
): Promise<void> {
  const random = makeRandom(seed)
  const events = makeEvents(random, count)
  const directory = await mkdtemp(join(tmpdir(), 'timeskein-sigma-'))
  try {
    await using store = await openDuckDbStore({ directory })
    await importRows(store, { rows: events, batchRows: 25 })
    const scope = [{ index: TEST_INDEX }]
    let hits = 0
    for (let number = 0; number < rules; number++) {
      const detection = makeRule(random)
      // JSON is YAML.
      const text = JSON.stringify({ title: `rule ${number}`, logsource: { product: 'x' }, detection })
      const { rules: compiled, failed } = compileSigma([{ file: `rule ${number}`, text }], {
        pipelines: [NAMES_PIPELINE],
      })
      if (compiled.length !== 1) {
        tally.expect(false, `${text} compiles: ${failed[0]?.reason}`)
        continue
      }
      const { query } = compiled[0]!
      const wanted = events.flatMap((event, n) => (evaluateRule(detection, event, NAMES) ? [n] : []))
      hits += wanted.length
      const found = events.flatMap((event, n) => (evaluateQuery(query, event) ? [n] : []))
      tally.expect(isSame(wanted, found), `${text}\n  wanted ${wanted}\n  found ${found}`)
      if (number % RULES_A_STORE_QUESTION > 0) continue
      const answer = await store.search({ scope, query, sort: 'asc', size: count })
      const stored = answer.events.map(({ source }) => JSON.parse(source).n as number).sort((a, b) => a - b)
      tally.expect(isSame(wanted, stored), `in the store: ${text}\n  wanted ${wanted}\n  found ${stored}`)
    }
    tally.say(`random: ${rules} rules over ${count} events, ${hits} hits`)
    tally.expect(hits > rules, 'random rules have hits')
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((number, at) => number === b[at])
}
