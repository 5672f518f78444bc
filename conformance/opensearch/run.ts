import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createPeerIndex } from '../../bench/peers/opensearch-peer.ts'
import { type EmbeddedSide, openEmbeddedSide } from './embedded-side.ts'
import { makeEvents } from './events.ts'
import { KNOWN_DIFFERENCES } from './known-differences.ts'
import { findMissingTool, startOpenSearch } from './opensearch-node.ts'
import { askOpenSearch, importIntoOpenSearch } from './opensearch-side.ts'
import { compareOutcomes, type Outcome } from './outcome.ts'
import { printQuestion, type Question } from './question.ts'
import { makeQuestions } from './questions.ts'
import { createChoices } from './random.ts'
import { Report } from './report.ts'

/**
 * Holds the embedded store against a real OpenSearch node: the same events, the same questions, the same answers.
 * Started as `node conformance/opensearch/run.ts [--seed N] [--queries N] [--events N] [--mismatches N]`.
 */
const HEAP_MB = 512
const PEER_INDEX = 'judged'
const QUESTIONS_A_REQUEST = 100
const SEMANTICS = join(import.meta.dirname, '..', '..', 'docs', 'query-semantics.md')

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    queries: { type: 'string', default: '1300' },
    events: { type: 'string', default: '3000' },
    mismatches: { type: 'string', default: '40' },
  },
})
const missingTool = await findMissingTool()
if (missingTool) {
  process.stdout.write(`skipped: ${missingTool}\nconformance/opensearch: 0 passed, 0 failed, 1 skipped\n`)
} else {
  const startedMs = performance.now()
  const report = await judge()
  process.stdout.write(`${((performance.now() - startedMs) / 1000).toFixed(1)} s\n`)
  report.print()
  process.exitCode = report.failed === 0 ? 0 : 1
}

async function judge(): Promise<Report> {
  const choices = createChoices(readCount('seed', values.seed))
  const events = makeEvents(choices, readCount('events', values.events))
  const questions = makeQuestions(choices, readCount('queries', values.queries))
  const report = new Report(events, KNOWN_DIFFERENCES, readCount('mismatches', values.mismatches))
  const directory = await mkdtemp(join(tmpdir(), 'timeskein-conformance-'))
  try {
    await using node = await startOpenSearch(HEAP_MB)
    await createPeerIndex(node.url, PEER_INDEX)
    await importIntoOpenSearch(node.url, PEER_INDEX, events)
    await using ours = await openEmbeddedSide(directory, events)
    const askPeer = (part: readonly Question[]): Promise<readonly Outcome[]> =>
      askOpenSearch(node.url, PEER_INDEX, part)
    await compareAll(questions, ours, askPeer, report)
    await checkDifferences(ours, askPeer, report)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
  return report
}

type AskPeer = (questions: readonly Question[]) => Promise<readonly Outcome[]>

/** Both answer the same stretch of questions at the same time. */
async function compareAll(
  questions: readonly Question[],
  ours: EmbeddedSide,
  askPeer: AskPeer,
  report: Report,
): Promise<void> {
  for (let start = 0; start < questions.length; start += QUESTIONS_A_REQUEST) {
    const part = questions.slice(start, start + QUESTIONS_A_REQUEST)
    const [own, theirs] = await Promise.all([askEach(ours, part), askPeer(part)])
    for (const [at, question] of part.entries()) report.compare(question, own[at]!, theirs[at]!)
  }
}

async function askEach(ours: EmbeddedSide, questions: readonly Question[]): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = []
  for (const question of questions) outcomes.push(await ours.ask(question))
  return outcomes
}

/** Each difference on purpose is documented, and still is one. */
async function checkDifferences(ours: EmbeddedSide, askPeer: AskPeer, report: Report): Promise<void> {
  const group = 'differences on purpose'
  const semantics = readFileSync(SEMANTICS, 'utf8')
  for (const { id, applies, examples } of KNOWN_DIFFERENCES) {
    report.expect(group, semantics.includes(`\`${id}\``), `${id} is not in docs/query-semantics.md`)
    const questions = examples.map((example): Question => {
      const { aggregation, ...body } = example
      if (aggregation === undefined) return { group, body, wanted: { kind: 'hits' } }
      return { group, body, wanted: { kind: 'aggregation', definition: aggregation } }
    })
    const theirs = await askPeer(questions)
    for (const [at, question] of questions.entries()) {
      const [own, other] = [await ours.ask(question), theirs[at]!]
      const differs = compareOutcomes(own, other).length > 0
      report.expect(group, differs, `${id} is documented, but both answer alike: ${printQuestion(question)}`)
      const isKnown = applies(question, own, other)
      report.expect(group, isKnown, `${id} does not know its example: ${printQuestion(question)}`)
    }
  }
}

function readCount(name: string, text: string): number {
  const count = Number(text)
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new Error(`--${name}: a whole number above 0 was expected, found ${text}`)
  }
  return count
}
