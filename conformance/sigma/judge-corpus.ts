import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compileSigma } from '@timeskein/query/sigma'
import { parseAllDocuments } from 'yaml'
import { evaluateQuery } from './evaluate-query.ts'
import type { JsonEvent } from './event.ts'
import type { Tally } from './tally.ts'

/** What a file of the corpus says of its rules under `judge`: events that are hits, events that are none, or the reason of a failure. */
interface Expectation {
  readonly hits?: readonly JsonEvent[]
  readonly others?: readonly JsonEvent[]
  /** Part of the reason why it cannot be used. */
  readonly fails?: string
}

/** Our own rules, each with events it must hit and must not. */
export function judgeCorpus(folder: string, tally: Tally): void {
  for (const file of globSync('*.yml', { cwd: folder }).sort()) {
    const text = readFileSync(join(folder, file), 'utf8')
    const { rules, correlations, failed } = compileSigma([{ file, text }])
    for (const document of parseAllDocuments(text)) {
      const { title, judge } = document.toJS() as { readonly title: string; readonly judge?: Expectation }
      if (!judge) continue
      const what = `corpus/${file}, ${JSON.stringify(title)}`
      if (judge.fails !== undefined) {
        const reason = failed.find(({ rule }) => rule === title)?.reason
        tally.expect(
          reason?.includes(judge.fails) === true,
          `${what} fails with "${judge.fails}", found ${reason}`,
        )
        continue
      }
      const rule = rules.find((one) => one.rule.meta.title === title)
      const isCorrelation = correlations.some(({ meta }) => meta.title === title)
      tally.expect(
        rule !== undefined || isCorrelation,
        `${what} compiles: ${failed.map(({ reason }) => reason)}`,
      )
      for (const event of rule ? (judge.hits ?? []) : [])
        tally.expect(evaluateQuery(rule!.query, event), `${what} hits ${JSON.stringify(event)}`)
      for (const event of rule ? (judge.others ?? []) : [])
        tally.expect(!evaluateQuery(rule!.query, event), `${what} does not hit ${JSON.stringify(event)}`)
    }
  }
}
