import { globSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import type { RuleSet } from '@timeskein/analyze'
import { detect } from '@timeskein/analyze/detect'
import { openDuckDbStore } from '@timeskein/store'
import { importRows } from '../../packages/store/src/contract/ask-helpers.ts'
import { readOurs } from '../readers/evtx/read-ours.ts'
import { compareOneByOne } from './compare-one-by-one.ts'
import { HitLists } from './hit-lists.ts'
import type { Tally } from './tally.ts'

/**
 * SigmaHQ's own recordings: each must fire the rule that its `info.yml` names, by its JSON form and by its event log.
 *
 * @param folder - Where the recordings are unpacked.
 * @param rules - The whole SigmaHQ set.
 */
export async function judgeRecordings(folder: string, rules: RuleSet, tally: Tally): Promise<void> {
  const infos = globSync('**/info.yml', { cwd: folder })
    .sort()
    .map((file) => join(folder, file))
  const recordings = infos.flatMap((info): Recording[] => {
    const [log] = globSync(join(dirname(info), '*.evtx'))
    const rule = /rule_metadata:\s*\n\s*- id: (\S+)/.exec(readFileSync(info, 'utf8'))?.[1]
    return log && rule ? [{ log, rule, name: basename(dirname(info)) }] : []
  })
  await judgeForm(
    'JSON',
    recordings,
    async ({ log }) => readJson(log.replace(/\.evtx$/, '.json')),
    rules,
    tally,
  )
  await judgeForm(
    'EVTX',
    recordings,
    async ({ log }) => (await readOurs(log)).map(({ record }) => record),
    rules,
    tally,
  )
}

interface Recording {
  readonly name: string
  readonly log: string
  /** Id of the rule that must fire. */
  readonly rule: string
}

async function judgeForm(
  form: 'JSON' | 'EVTX',
  recordings: readonly Recording[],
  read: (recording: Recording) => Promise<readonly object[]>,
  rules: RuleSet,
  tally: Tally,
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'timeskein-recordings-'))
  try {
    await using store = await openDuckDbStore({ directory })
    const index = (form === 'JSON' ? 'c' : 'd').repeat(32)
    for (const [at, recording] of recordings.entries())
      await importRows(store, { index, timelineId: at + 1, rows: await read(recording) })
    const fired = new Set<string>()
    const found = new HitLists()
    const report = await detect(store, { scope: [{ index }], rules }, (hits) => {
      if (hits.kind !== 'rule') return
      found.add(hits)
      for (const timeline of hits.timelineIds) fired.add(`${timeline} ${hits.rule.id}`)
    })
    await compareOneByOne(store, index, rules, { report, found }, tally)
    const reasons = new Map(report.unmatched.map(({ id, reason, detail }) => [id, `${reason}: ${detail}`]))
    let count = 0
    for (const [at, { name, rule }] of recordings.entries()) {
      const isFired = fired.has(`${at + 1} ${rule}`)
      if (isFired) count++
      const why = reasons.get(rule) ?? report.unsupported.find((one) => one.rule === rule)?.reason
      tally.expect(isFired, `${form}: ${name} fires ${rule} (${why ?? 'it fires elsewhere only'})`)
    }
    tally.say(`recordings as ${form}: ${count} of ${recordings.length} fire their rule`)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** Records of a JSON file, one object behind the other, with their values side by side as our reader of event logs has them. */
function readJson(path: string): object[] {
  const text = readFileSync(path, 'utf8').replace(/^\ufeff/, '')
  return text.split(/(?<=^\})\r?\n(?=\{)/m).map((one) => flatten(JSON.parse(one)))
}

interface JsonRecord {
  readonly Event: {
    readonly System: Readonly<Record<string, unknown>>
    readonly EventData?: Readonly<Record<string, unknown>> | null
    readonly UserData?: Readonly<Record<string, Readonly<Record<string, unknown>>>> | null
  }
}

function flatten({ Event: { System, EventData, UserData } }: JsonRecord): object {
  const plain = Object.entries(System).map(([name, value]) => {
    const inner = typeof value === 'object' && value !== null && '#text' in value ? value['#text'] : value
    return [name, inner] as const
  })
  const provider = System['Provider'] as { readonly '#attributes': { readonly Name: string } }
  return {
    ...Object.fromEntries(plain.filter(([, value]) => typeof value !== 'object')),
    Provider_Name: provider['#attributes'].Name,
    ...withoutBlanks(EventData ?? {}),
    ...Object.assign({}, ...Object.values(UserData ?? {}).filter((value) => typeof value === 'object')),
  }
}

/** Names of values have no blanks in what our reader makes of them. */
function withoutBlanks(values: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name.replaceAll(' ', ''), value]))
}
