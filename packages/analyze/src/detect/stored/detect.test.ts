import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDuckDbStore } from '@timeskein/store'
import { makeBatch } from '@timeskein/store/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DetectReport } from '../contract/detect-report.ts'
import type { CorrelationHit, Hits } from '../contract/hits.ts'
import { openLiveMatcher } from '../live/live-matcher.ts'
import { KeptPlans } from '../plan/kept-plans.ts'
import { toNavigatorLayer } from '../report/navigator-layer.ts'
import { readRuleSet } from '../rules/read-rule-set.ts'
import { detect } from './detect.ts'

const INDEX = 'c'.repeat(32)
const PROFILE = { aliases: {}, constants: {} }
const SYSMON = { EventID: 1, Channel: 'Microsoft-Windows-Sysmon/Operational' }

const EVENTS = [
  { ...SYSMON, Image: 'C:\\a\\cmd.exe', CommandLine: `cmd ${'x'.repeat(300)} EVIL`, Computer: 'h1' },
  { ...SYSMON, Image: 'C:\\a\\calc.exe', CommandLine: 'calc', Computer: 'h2' },
  { EventID: 4625, Channel: 'Security', TargetUserName: 'bob', Computer: 'h1' },
  { EventID: 4625, Channel: 'Security', TargetUserName: 'bob', Computer: 'h1' },
  { EventID: 4625, Channel: 'Security', TargetUserName: 'eve', Computer: 'h1' },
]

const RULES = `
title: evil
id: 00000000-0000-0000-0000-000000000001
tags: [attack.t1059.003]
logsource: {category: process_creation, product: windows}
detection: {s: {Image|endswith: '\\cmd.exe', CommandLine|contains: evil}, condition: s}
---
title: never seen
logsource: {category: process_creation, product: windows}
detection: {s: {Image|endswith: '\\nope.exe'}, condition: s}
---
title: no field
logsource: {category: process_creation, product: windows}
detection: {s: {Nothing: 1}, condition: s}
---
title: no source
logsource: {category: dns_query, product: windows}
detection: {s: {QueryName: x}, condition: s}
---
title: apart
logsource: {category: process_creation, product: windows}
detection: {s: {Image|endswith: '\\calc.exe', CommandLine|contains: evil}, condition: s}
---
title: failed
name: failed
logsource: {product: windows, service: security}
detection: {s: {EventID: 4625}, condition: s}
---
title: two fails
correlation: {type: event_count, rules: [failed], group-by: [TargetUserName], timespan: 5m, condition: {gte: 2}}
---
title: everything
logsource: {product: windows}
detection: {s: {EventID|exists: true}, condition: s}
---
title: a word
logsource: {product: windows}
detection: {keywords: [calc.EXE], condition: keywords}
`

/** Texts that live matching reads only where a rule asks, and keywords that nearly every event has. */
const LONG_EVENTS = [
  { ...SYSMON, Image: 'C:\\a\\cmd.exe', CommandLine: `${'x'.repeat(2000)} EVIL`, Computer: 'h1' },
  { ...SYSMON, Image: 'C:\\a\\cmd.exe', CommandLine: `${'x'.repeat(2000)} good`, Computer: 'h2' },
  { ...SYSMON, Image: 'C:\\a\\calc.exe', CommandLine: `${'x'.repeat(2000)} evil`, Computer: 'h2' },
  { EventID: 4625, Channel: 'Security', TargetUserName: 'bob -s 0', Computer: 'h1' },
  { EventID: 4625, Channel: 'Security', TargetUserName: 'bob', Computer: 'h1' },
]

const LONG_RULES = `
title: evil
logsource: {category: process_creation, product: windows}
detection: {s: {CommandLine|contains: evil, Image|endswith: '\\cmd.exe'}, condition: s}
---
title: not evil
logsource: {category: process_creation, product: windows}
detection: {s: {Image|endswith: '.exe'}, f: {CommandLine|contains: evil}, condition: s and not f}
---
title: either
logsource: {category: process_creation, product: windows}
detection: {s: {CommandLine|contains: good}, f: {Image|endswith: '\\calc.exe'}, condition: s or f}
---
title: letters and a word
detection: {keywords: {'|all': [bob, '-s', '0']}, condition: keywords}
logsource: {product: windows}
---
title: letters alone
detection: {keywords: ['-s'], condition: keywords}
logsource: {product: windows}
---
title: no letters
detection: {keywords: ['-s'], s: {EventID: 4625}, condition: s and not keywords}
logsource: {product: windows}
`

/** Texts of several lines, of which some come again at other places. */
const LINED_EVENTS = [
  { ...SYSMON, CommandLine: 'first\nmiddle\nlast' },
  { ...SYSMON, CommandLine: 'last\nmiddle\r\nfirst' },
  { ...SYSMON, CommandLine: 'middle' },
  { ...SYSMON, CommandLine: `${'x\n'.repeat(900)}first\n` },
  { ...SYSMON, CommandLine: 'irst\nlas' },
]

const LINED_RULES = [
  'contains: MIDDLE',
  'startswith: first',
  'endswith: first',
  'contains: "t\\nm"',
  're: "middle"',
]
  .map(
    (asked) => `
title: ${asked.replace(/[^a-zA-Z ]/g, '')}
logsource: {category: process_creation, product: windows}
detection: {s: {CommandLine|${asked}}, condition: s}
---
title: not ${asked.replace(/[^a-zA-Z ]/g, '')}
logsource: {category: process_creation, product: windows}
detection: {s: {CommandLine|${asked}}, condition: not s}
---
title: a line
logsource: {product: windows}
detection: {k: [middle, '*t?m*'], condition: k}
`,
  )
  .join('---')

/** What a report says beside how long it took. */
function withoutTime({ matched, unmatched, hits, hitEvents, position }: DetectReport): object {
  const strip = ({ seconds, ...rest }: { readonly seconds: number }): object => rest
  return { matched: matched.map(strip), unmatched: unmatched.map(strip), hits, hitEvents, position }
}

describe('detect', () => {
  let directory: string
  let store: Awaited<ReturnType<typeof openDuckDbStore>>
  let imports = 0

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'skein-detect-'))
    store = await openDuckDbStore({ directory })
    await store.createIndex(INDEX)
  })

  afterEach(async () => {
    await store[Symbol.asyncDispose]()
    await rm(directory, { recursive: true, force: true })
  })

  async function add(rows: readonly object[], before = 0): Promise<void> {
    const importId = (++imports).toString(16).padStart(32, '0')
    const target = { index: INDEX, timelineId: 3, importId, profile: PROFILE, skipKnownRows: false }
    await using transaction = await store.beginImport(target)
    await transaction.append(makeBatch(rows, before))
    await transaction.commit()
  }

  async function run(text: string, changes: Partial<Parameters<typeof detect>[1]> = {}) {
    const hits: Hits[] = []
    const rules = readRuleSet([{ file: 'rules.yml', text }])
    const report = await detect(store, { scope: [{ index: INDEX }], rules, ...changes }, (hit) => {
      hits.push(hit)
    })
    return { hits, report }
  }

  it('tells of every rule what it found, or why it found nothing', async () => {
    await add(EVENTS)
    const { report } = await run(RULES)
    expect(Object.fromEntries(report.matched.map(({ title, hits }) => [title, hits]))).toEqual({
      evil: 1,
      failed: 3,
      'two fails': 1,
      everything: 5,
      'a word': 1,
    })
    expect(Object.fromEntries(report.unmatched.map(({ title, reason }) => [title, reason]))).toEqual({
      'never seen': 'value',
      'no field': 'field',
      'no source': 'log-source',
      apart: 'events',
    })
    expect(report).toMatchObject({ events: 5, rules: 9, hits: 8, hitEvents: 5, position: { [INDEX]: 5 } })
    expect(report.matched.find(({ title }) => title === 'everything')).toMatchObject({
      matchesEverything: true,
      hosts: [
        { host: 'h1', hits: 4 },
        { host: 'h2', hits: 1 },
      ],
    })
  })

  it('does not run what asks for placeholders without values, correlations of it neither', async () => {
    await add(EVENTS)
    const { hits, report } = await run(`
title: not nobody
name: nobody
logsource: {product: windows}
detection: {f: {TargetUserName|expand: '%nobody%'}, condition: not f}
---
title: somebody
name: somebody
logsource: {product: windows}
detection: {s: {EventID: '*'}, condition: s}
---
title: somebody without nobody
correlation: {type: temporal, rules: [somebody, nobody], timespan: 1h, condition: somebody and not nobody, generate: true}
---
title: few of nobody
logsource: {product: windows}
detection: {f: {TargetUserName|expand: '%nobody%'}, condition: 'not f | count() < 100'}
`)
    expect(report.matched.map(({ title }) => title)).toEqual(['somebody'])
    expect(report.unmatched.map(({ title, reason }) => [title, reason])).toEqual([
      ['not nobody', 'nothing-asked'],
      ['few of nobody', 'nothing-asked'],
      ['somebody without nobody', 'nothing-asked'],
    ])
    expect(hits.every(({ kind }) => kind === 'rule')).toBe(true)
  })

  it('tells of rules that no event can be a hit of what is in the way', async () => {
    await add([{ EventID: 1, Image: 'a' }])
    const { report } = await run(`
title: no text
logsource: {product: windows}
detection: {f: {Image|re: 'a\\bb'}, condition: f}
---
title: no values
logsource: {product: windows}
detection: {f: {Image|expand: '%nobody%'}, condition: f}
`)
    expect(report.unmatched.map(({ title, reason, detail }) => [title, reason, detail])).toEqual([
      ['no text', 'value', 'no text can match its regular expression'],
      ['no values', 'nothing-asked', 'placeholders have no values'],
    ])
  })

  it('finds fields under each of their names, and misses them where none is there', async () => {
    await add([
      { Image: 'cmd.exe', command_line: 'a', username: 'bob' },
      { Image: 'cmd.exe', username: 'ann' },
      { process_path: 'cmd.exe', CommandLine: 'b', User: 'bob' },
    ])
    const { hits } = await run(
      [
        'sel: {Image|contains: cmd}, nul: {CommandLine: null}, condition: sel and not nul',
        'sel: {CommandLine|exists: false}, condition: sel',
        'sel: {User|neq: bob}, condition: sel',
        'sel: {CommandLine: [null, b]}, condition: sel',
      ]
        .map((detection) => `title: '${detection}'\nlogsource: {category: any}\ndetection: {${detection}}`)
        .join('\n---\n'),
    )
    const rows = hits.map((hit) => (hit.kind === 'rule' ? [...hit.seqs] : []))
    expect(rows.toSorted()).toEqual([[0, 2], [1], [1], [1, 2]])
  })

  it.each(['Computer', 'ComputerName', 'DeviceName', 'hostname'])('takes the host from %s', async (field) => {
    await add([{ EventID: 1, [field]: 'ws-1' }])
    const { report } = await run(
      'title: all\nlogsource: {product: windows}\ndetection: {s: {EventID: 1}, condition: s}\n',
    )
    expect(report.matched[0]?.hosts).toEqual([{ host: 'ws-1', hits: 1 }])
  })

  it.each([
    ['Splunk', { host: 'ws-1', sourcetype: 'WinEventLog', _raw: 'x' }, [{ host: 'ws-1', hits: 1 }]],
    ['Logstash', { host: 'ws-1', '@version': '1' }, [{ host: 'ws-1', hits: 1 }]],
    ['a tool that does not know it', { host: '-', sourcetype: 'log' }, []],
    ['a request, whose host header is no device,', { host: 'shop.example', method: 'GET', uri: '/' }, []],
  ])('takes the host of %s from host', async (_, event, hosts) => {
    const rule = 'title: all\nlogsource: {product: made_up}\ndetection: {s: {EventID: 1}, condition: s}\n'
    const events = [
      { EventID: 1, ...event },
      { EventID: 2, host: 'no', sourcetype: 'x', method: 'x' },
    ]
    await add(events)
    expect((await run(rule)).report.matched[0]?.hosts).toEqual(hosts)
    const target = { index: INDEX, timelineId: 1, profile: { aliases: {}, constants: {} }, firstSeq: 0 }
    const live = openLiveMatcher(readRuleSet([{ file: 'r.yml', text: rule }]))
    const [hit] = live.match(makeBatch(events), target)
    if (hit?.kind !== 'rule') throw new Error('hits of a rule expected')
    const { values, ids } = hit.columns['host']!
    expect([...ids].filter((id) => id >= 0).map((id) => values[id])).toEqual(hosts.map(({ host }) => host))
  })

  it('hands out events with times, timelines and columns', async () => {
    await add(EVENTS)
    const { hits } = await run(RULES)
    const evil = hits.find(({ rule }) => rule.title === 'evil')
    if (evil?.kind !== 'rule') throw new Error('hits of a rule expected')
    expect([...evil.seqs]).toEqual([0])
    expect([...evil.timelineIds]).toEqual([3])
    expect(evil.columns['host']).toMatchObject({ values: expect.arrayContaining(['h1']) })
    expect(hits.some(({ rule }) => rule.title === 'failed')).toBe(false)
  })

  it('finds what large texts hold beside small ones, in the order of rows', async () => {
    const large = `${'filler '.repeat(200_000)} (){:;}; needle-in-it`
    const texts = ['(){:;};', large, 'needle-in-it', `${'x '.repeat(200)}(){:;}; needle-in-it`]
    await add(texts.map((note, n) => ({ n, note, other: note })))
    const { hits } = await run(`
title: signs
logsource: {category: any}
detection: {keywords: ['(){:;};'], condition: keywords}
---
title: a field
logsource: {category: any}
detection: {s: {note|contains: needle-in, other|re: '.*in-it'}, condition: s}
`)
    const rows = hits.flatMap((hit) => (hit.kind === 'rule' ? [[hit.rule.title, [...hit.seqs]]] : []))
    expect(Object.fromEntries(rows)).toEqual({ signs: [0, 1, 3], 'a field': [1, 2, 3] })
  })

  it('looks at new events only, and at old ones for correlations', async () => {
    await add(EVENTS.slice(0, 3))
    const first = await run(RULES)
    expect(first.hits.some(({ kind }) => kind === 'correlation')).toBe(false)
    await add(EVENTS.slice(3), 3)
    const { hits, report } = await run(RULES, { since: first.report.position })
    const found = hits.filter((hit): hit is CorrelationHit => hit.kind === 'correlation')
    expect(found.map(({ group, events }) => [group, events.map(({ seq }) => seq)])).toEqual([
      [{ TargetUserName: 'bob' }, [2, 3]],
    ])
    expect(report.events).toBe(2)
    expect(report.matched.some(({ title }) => title === 'evil')).toBe(false)
    const again = await run(RULES, { since: report.position })
    expect(again.hits).toEqual([])
  })

  it('finds the same again with what it learnt, and what came or went since', async () => {
    await add(EVENTS.slice(0, 3))
    const plans = new KeptPlans()
    const rules = readRuleSet([{ file: 'rules.yml', text: RULES }])
    const first = await run(RULES, { plans, rules })
    const again = await run(RULES, { plans, rules })
    expect(again.hits).toEqual(first.hits)
    expect(withoutTime(again.report)).toEqual(withoutTime(first.report))
    expect(again.report.steps.some(({ name }) => name === 'values')).toBe(false)
    await add(EVENTS.slice(3), 3)
    const more = await run(RULES, { plans, rules })
    const fresh = await run(RULES)
    expect(more.hits).toEqual(fresh.hits)
    expect(withoutTime(more.report)).toEqual(withoutTime(fresh.report))
    await store.dropTimeline(INDEX, 3)
    expect((await run(RULES, { plans, rules })).hits).toEqual([])
  })

  it.each([
    ['events', EVENTS, RULES],
    ['long texts and keywords of a letter or two', LONG_EVENTS, LONG_RULES],
    ['texts of several lines', LINED_EVENTS, LINED_RULES],
  ])('matches batches as a run over stored events does: %s', async (_, events, rules) => {
    await add(events)
    const { hits } = await run(rules)
    const matcher = openLiveMatcher(readRuleSet([{ file: 'rules.yml', text: rules }]))
    const batch = makeBatch(events)
    const live = matcher.match(batch, { index: INDEX, timelineId: 3, firstSeq: 0, profile: PROFILE })
    const list = (some: readonly Hits[]): string[] =>
      some
        .map(
          (hit) =>
            `${hit.rule.title} ${hit.kind === 'rule' ? [...hit.seqs] : hit.events.map(({ seq }) => seq)}`,
        )
        .sort()
    expect(hits.length).toBeGreaterThan(3)
    expect(list(live)).toEqual(list(hits))
  })

  it('completes correlations over batches', () => {
    const matcher = openLiveMatcher(readRuleSet([{ file: 'rules.yml', text: RULES }]))
    const match = (start: number, end: number): number =>
      matcher
        .match(makeBatch(EVENTS.slice(start, end), start), {
          index: INDEX,
          timelineId: 3,
          firstSeq: start,
          profile: PROFILE,
        })
        .filter(({ kind }) => kind === 'correlation').length
    expect([match(0, 3), match(3, 4), match(4, 5)]).toEqual([0, 1, 0])
  })

  it('runs the rest of a set with broken rules, cycles, repeated ids and expressions made to explode', async () => {
    await add([{ EventID: 1, CommandLine: 'a'.repeat(5000), Image: 'x' }])
    const { report } = await run(
      `${RULES}
---
title: cycle one
name: one
correlation: {type: temporal, rules: [two], timespan: 5m}
---
title: cycle two
name: two
correlation: {type: temporal, rules: [one], timespan: 5m}
---
title: explodes
logsource: {product: windows}
detection: {s: {CommandLine|re: '(a+)+$b'}, condition: s}
---
title: looks around
logsource: {product: windows}
detection: {s: {CommandLine|re: '(?=a)b'}, condition: s}
---
title: same id
id: 00000000-0000-0000-0000-000000000001
logsource: {product: windows}
detection: {s: {Image: x}, condition: s}
---
title: [broken
`,
      { pipelines: [[]] },
    )
    const told = report.matched.length + report.unmatched.length + report.unsupported.length
    expect(told).toBe(report.rules)
    expect(report.unsupported.map(({ rule }) => rule)).toEqual(
      expect.arrayContaining(['cycle one', 'looks around']),
    )
    expect(report.matched.find(({ title }) => title === 'same id')?.key).toBe(
      '00000000-0000-0000-0000-000000000001#2',
    )
    expect(report.warnings.some(({ reason }) => reason.startsWith('id:'))).toBe(true)
  })

  it('tells of each rule that cannot be run, also where they are all called the same', async () => {
    await add(EVENTS)
    const rules = [1, 2, 3].map((number) => ({
      file: 'rule',
      text: `title: looks ahead ${number}
id: 00000000-0000-0000-0000-00000000000${number}
level: hihg
logsource: {product: windows}
detection: {s: {Image|re: 'a(?=b)'}, condition: s}
`,
    }))
    const report = await detect(
      store,
      { scope: [{ index: INDEX }], rules: readRuleSet(rules), pipelines: [[], []] },
      () => {},
    )
    const titles = ['looks ahead 1', 'looks ahead 2', 'looks ahead 3']
    expect(report.unsupported.map(({ rule }) => rule)).toEqual(titles)
    expect(report.warnings.map(({ rule }) => rule)).toEqual(titles)
    expect(report).toMatchObject({ rules: 3, matched: [], unmatched: [] })
  })

  it('stops when it is told to', async () => {
    await add(EVENTS)
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(run(RULES, { signal })).rejects.toThrow('enough')
  })

  it('makes a layer of the techniques', async () => {
    await add(EVENTS)
    const { report } = await run(RULES)
    const layer = toNavigatorLayer(report, { name: 'case 7' })
    expect(layer).toMatchObject({ name: 'case 7', domain: 'enterprise-attack' })
    expect(layer.techniques).toMatchObject([{ techniqueID: 'T1059.003', score: 1 }])
  })
})
