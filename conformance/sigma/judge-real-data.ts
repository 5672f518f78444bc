import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { detect, readRuleSet } from '@timeskein/analyze/detect'
import { openDuckDbStore } from '@timeskein/store'
import { importRows } from '../../packages/store/src/contract/ask-helpers.ts'
import { compareOneByOne } from './compare-one-by-one.ts'
import { HitLists } from './hit-lists.ts'
import { judgeRecordings } from './judge-recordings.ts'
import { readRealRows } from './real-rows.ts'
import type { Tally } from './tally.ts'

const DATA = join(import.meta.dirname, '..', '..', '..', 'shared', 'data')
/** Of so many real events each rule is asked one by one as well. */
const REAL_EVENTS = 10_000
const BATCH_ROWS = 1000

/**
 * The whole SigmaHQ set in one run over real events: SigmaHQ's recordings fire their rules, and each rule asked alone finds the same.
 *
 * @param folder - Where the rules are unpacked.
 */
export async function judgeRealData(folder: string, tally: Tally): Promise<void> {
  const files = globSync('**/*.yml', { cwd: folder }).sort()
  const rules = readRuleSet(files.map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') })))
  const directory = await mkdtemp(join(tmpdir(), 'timeskein-real-'))
  try {
    const recordings = join(DATA, 'sigmahq-regression.tar.zst')
    if (existsSync(recordings)) {
      const unpacked = spawnSync('tar', ['--zstd', '-xf', recordings, '-C', directory], { encoding: 'utf8' })
      if (unpacked.status === 0) await judgeRecordings(directory, rules, tally)
      else tally.skip(`recordings: tar cannot unpack them (${unpacked.stderr?.trim()})`)
    } else tally.skip('recordings: ../shared/data/sigmahq-regression.tar.zst is not there')
    const rows = await readRealRows(REAL_EVENTS)
    if (!rows) {
      tally.skip('real events: ../shared/data/otrf-security-datasets.jsonl.zst is not there')
      return
    }
    await using store = await openDuckDbStore({ directory: join(directory, 'store') })
    const index = 'e'.repeat(32)
    await importRows(store, { index, rows, batchRows: BATCH_ROWS })
    const found = new HitLists()
    const report = await detect(store, { scope: [{ index }], rules }, (hits) => found.add(hits))
    tally.say(`real events: ${report.events}, ${report.rules} rules, ${report.hits} hits`)
    await compareOneByOne(store, index, rules, { report, found }, tally)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
