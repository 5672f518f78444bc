import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { judgeCorpus } from './judge-corpus.ts'
import { judgeEngine } from './judge-engine.ts'
import { judgeOpenSearch } from './judge-opensearch.ts'
import { judgePySigma } from './judge-pysigma.ts'
import { judgeRandom } from './judge-random.ts'
import { judgeRealData } from './judge-real-data.ts'
import { judgeSigmaHq } from './judge-sigmahq.ts'
import { Tally } from './tally.ts'

/**
 * Judges the compiler of rules. Started as `node conformance/sigma/run.ts [--seed N] [--rules N] [--events N]`.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    rules: { type: 'string', default: '3000' },
    events: { type: 'string', default: '60' },
  },
})
const SET = join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'sigmahq-rules.tar.zst')

const tally = new Tally()
judgeCorpus(join(import.meta.dirname, 'corpus'), tally)
if (existsSync(SET)) {
  const folder = mkdtempSync(join(tmpdir(), 'timeskein-sigma-'))
  try {
    if (judgeSigmaHq(SET, folder, tally)) {
      judgePySigma(folder, tally)
      await judgeOpenSearch(folder, tally)
      await judgeRealData(folder, tally)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
} else tally.skip('the SigmaHQ rules: ../shared/data/sigmahq-rules.tar.zst is not there')
await judgeRandom(
  { seed: Number(values.seed), rules: Number(values.rules), events: Number(values.events) },
  tally,
)
await judgeEngine(
  { seed: Number(values.seed), rules: Math.ceil(Number(values.rules) / 3), events: Number(values.events) },
  tally,
)
tally.print('conformance/sigma')
process.exitCode = tally.failed === 0 ? 0 : 1
