import type { DetectReport, RuleSet } from '@timeskein/analyze'
import type { Query } from '@timeskein/query'
import { choosePipelines, compileDocuments, OWN_PIPELINES, parsePipeline } from '@timeskein/query/sigma'
import type { EventStore } from '@timeskein/store'
import type { HitLists } from './hit-lists.ts'
import type { Tally } from './tally.ts'

/** Asks each rule as one question of its own: the engine must have found the same events. */
export async function compareOneByOne(
  store: EventStore,
  index: string,
  rules: RuleSet,
  { report, found }: { readonly report: DetectReport; readonly found: HitLists },
  tally: Tally,
): Promise<void> {
  const scope = [{ index }]
  const fields = new Set((await store.listFields(scope)).map(({ name }) => name))
  const keys = new Map(
    [...report.matched, ...report.unmatched].map(({ file, line, key }) => [`${file}:${line}`, key]),
  )
  const questions = new Map<string, { readonly key: string; readonly queries: Query[] }>()
  for (const chain of choosePipelines(fields)) {
    const pipelines = chain.map((name) => parsePipeline({ file: name, text: OWN_PIPELINES.get(name)! }))
    for (const { rule, query, isReported } of compileDocuments(rules.documents, { pipelines }).rules) {
      if (!isReported) continue
      const { file, line } = rule.place
      const one = questions.get(`${file}:${line}`) ?? {
        key: keys.get(`${file}:${line}`)!,
        queries: [],
      }
      questions.set(`${file}:${line}`, one)
      one.queries.push(query)
    }
  }
  const startMs = performance.now()
  let hits = 0
  for (const [place, { key, queries }] of questions) {
    const seqs: number[] = []
    for await (const page of store.scan({ scope, query: { kind: 'or', of: queries } }))
      for (const { seq } of page) seqs.push(seq)
    seqs.sort((a, b) => a - b)
    hits += seqs.length
    const same = JSON.stringify(seqs) === JSON.stringify(found.of(key))
    tally.expect(same, `${place}: one by one ${seqs.slice(0, 20)}, in one run ${found.of(key).slice(0, 20)}`)
  }
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1)
  tally.say(`one by one: ${questions.size} rules, ${hits} hits, the same as in one run; ${seconds} s`)
}
