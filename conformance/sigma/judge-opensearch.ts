import { globSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { detect, readRuleSet } from '@timeskein/analyze/detect'
import { compileSigma, listAsks } from '@timeskein/query/sigma'
import { openDuckDbStore } from '@timeskein/store'
import { importRows } from '../../packages/store/src/contract/ask-helpers.ts'
import { findMissingTool, startOpenSearch } from '../opensearch/opensearch-node.ts'
import { HitLists } from './hit-lists.ts'
import { CaselessIndex } from './opensearch/caseless-index.ts'
import { convertByPySigma, preparePython } from './pysigma.ts'
import { readRealRows } from './real-rows.ts'
import type { Tally } from './tally.ts'

const RULES = 500
const REAL_EVENTS = 8000
const BATCH_ROWS = 1000
const HEAP_MB = 512

/**
 * Rules that pySigma converted find the same real events on a real OpenSearch node as ours do in one run of detection, both without
 * a pipeline. Rules that hit something come first, then others, evenly spread over the set.
 *
 * @param folder - Where the SigmaHQ rules are unpacked.
 */
export async function judgeOpenSearch(folder: string, tally: Tally): Promise<void> {
  const python = preparePython(tally)
  if (python === undefined) return
  const missing = await findMissingTool()
  if (missing !== undefined) {
    tally.skip(`rules on OpenSearch: ${missing}`)
    return
  }
  const rows = await readRealRows(REAL_EVENTS)
  if (!rows) {
    tally.skip('rules on OpenSearch: ../shared/data/otrf-security-datasets.jsonl.zst is not there')
    return
  }
  const files = globSync('rules*/**/*.yml', { cwd: folder })
    .sort()
    .map((file) => join(folder, file))
  const comparable = files.filter(isComparable)
  const found = await findOurs(comparable, rows)
  const chosen = choose(comparable, (file) => found.get(file)!.length > 0)
  const converted = convertByPySigma(python, chosen)
  if (typeof converted === 'string') {
    tally.expect(false, `pySigma converts rules: ${converted}`)
    return
  }
  await using node = await startOpenSearch(HEAP_MB).catch((error: Error) => {
    tally.skip(`rules on OpenSearch: ${error.message}`)
    return undefined
  })
  if (!node) return
  const index = await CaselessIndex.fill(node.url, rows)
  let asked = 0
  let hits = 0
  for (const [file, queries] of Object.entries(converted)) {
    if (typeof queries === 'string') {
      tally.say(`not asked: ${file}: pySigma says ${queries}`)
      continue
    }
    asked++
    const theirs = await index.find(queries)
    const ours = found.get(file)!
    hits += ours.length
    const same = JSON.stringify(theirs) === JSON.stringify(ours)
    const show = (list: unknown): string => JSON.stringify(list).slice(0, 200)
    tally.expect(same, `${file}\n  OpenSearch ${show(theirs)}\n  ours       ${show(ours)}\n  ${queries}`)
  }
  const hitting = chosen.filter((file) => found.get(file)!.length > 0).length
  tally.say(
    `rules on OpenSearch: ${asked} by pySigma over ${rows.length} events, ${hits} hits of ${hitting} rules`,
  )
}

/**
 * Whether a rule asks nothing but whole values and patterns of fields, case aside: an index cannot hold values for that and keep their
 * case for expressions and numbers to compare as well.
 */
function isComparable(file: string): boolean {
  const { rules } = compileSigma([{ file, text: readFileSync(file, 'utf8') }])
  const [rule] = rules
  if (!rule?.expression || rules.length !== 1) return false
  return listAsks(rule.expression).every(({ field, value }) => {
    if (field === undefined) return false
    if (value.kind === 'string')
      return !value.cased && value.parts.every(({ kind }) => kind !== 'placeholder')
    return (
      value.kind === 'number' || value.kind === 'boolean' || value.kind === 'null' || value.kind === 'exists'
    )
  })
}

/** Row numbers that each file's rule hits, ascending. */
async function findOurs(
  files: readonly string[],
  rows: readonly string[],
): Promise<ReadonlyMap<string, readonly number[]>> {
  const directory = await mkdtemp(join(tmpdir(), 'timeskein-sigma-opensearch-'))
  try {
    await using store = await openDuckDbStore({ directory })
    const index = 'e'.repeat(32)
    await importRows(store, { index, rows, batchRows: BATCH_ROWS })
    const rules = readRuleSet(files.map((file) => ({ file, text: readFileSync(file, 'utf8') })))
    const lists = new HitLists()
    const request = { scope: [{ index }], rules, pipelines: [[]] }
    const { matched } = await detect(store, request, (hits) => lists.add(hits))
    const byFile = new Map<string, readonly number[]>(files.map((file) => [file, []]))
    for (const { file, key } of matched) byFile.set(file, lists.of(key))
    return byFile
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

function choose(files: readonly string[], hits: (file: string) => boolean): readonly string[] {
  const hitting = files.filter(hits).slice(0, RULES)
  const others = files.filter((file) => !hits(file))
  const wanted = Math.min(RULES - hitting.length, others.length)
  const spread = Array.from({ length: wanted }, (_, at) => others[Math.floor((at * others.length) / wanted)]!)
  return [...hitting, ...spread]
}
