import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTemporarySystem, type TemporarySystem } from '../../testing/temporary-system.ts'
import type { Services } from '../services.ts'

let place: TemporarySystem
let services: Services

beforeAll(async () => {
  place = await openTemporarySystem()
  services = place.system.services
})
afterAll(async () => {
  await place[Symbol.asyncDispose]()
})

const ENCODED = '11111111-0000-4000-8000-000000000001'
const LOGONS = '11111111-0000-4000-8000-000000000002'
const EVERYTHING = '11111111-0000-4000-8000-000000000003'

const RULES = `title: Encoded PowerShell
id: ${ENCODED}
description: Somebody hides what is run.
level: high
tags: [attack.execution, attack.t1059.001]
logsource: { category: process_creation, product: windows }
detection:
  s: { Image|endswith: '\\powershell.exe', CommandLine|contains: ' -enc ' }
  condition: s
---
title: Failed Logon
id: ${LOGONS}
name: failed
level: medium
tags: [attack.credential-access, attack.t1110]
logsource: { product: windows, service: security }
detection: { s: { EventID: 4625 }, condition: s }
`

function powershell(host: string, time: string): object {
  return {
    datetime: time,
    message: 'Process Create',
    EventID: 1,
    Channel: 'Microsoft-Windows-Sysmon/Operational',
    Image: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
    CommandLine: 'powershell.exe -enc SQBFAFgA',
    Computer: host,
    User: 'LAB\\ana',
  }
}

function failedLogon(host: string, time: string): object {
  return { datetime: time, message: 'failed', EventID: 4625, Channel: 'Security', Computer: host }
}

async function makeSketch(name: string): Promise<number> {
  return (await services.sketches.create(place.admin, { name })).id
}

async function importEvents(sketchId: number, rows: readonly object[], timeline = 'events'): Promise<void> {
  const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('')
  const { ended } = await services.imports.start(place.admin, {
    sketchId,
    timeline: { name: timeline },
    inputs: [{ stream: new Blob([text]).stream(), name: 'events.jsonl' }],
    signal: new AbortController().signal,
  })
  expect((await ended).status).toBe('done')
}

const EVENTS = [
  powershell('WS-1', '2026-03-01T10:00:00Z'),
  powershell('ws-1', '2026-03-01T11:00:00Z'),
  powershell('WS-1', '2026-03-02T10:00:00Z'),
  powershell('WS-2', '2026-03-01T10:00:00Z'),
  failedLogon('WS-1', '2026-03-01T10:30:00Z'),
  {
    datetime: '2026-03-01T10:00:00Z',
    message: 'nothing',
    EventID: 4624,
    Channel: 'Security',
    Computer: 'WS-1',
  },
]

async function findTagged(sketchId: number, tag: string): Promise<number> {
  return await services.explore.count(place.admin, {
    sketchId,
    query: { kind: 'term', field: 'tag.keyword', value: tag },
  })
}

test('hits tag their events and become alerts by rule, host and day, which become incidents', async () => {
  const sketchId = await makeSketch('Hits')
  await services.detections.setLive(place.admin, sketchId, false)
  await importEvents(sketchId, EVENTS)
  await services.rules.add(place.admin, [{ file: 'rules.yml', text: RULES }])
  const report = await services.detections.run(place.admin, { sketchId })
  expect(report).toMatchObject({ mode: 'run', events: 6, rules: 2, hits: 5, hitEvents: 5, unsupported: [] })
  expect(report.matched.map(({ id, title, level, hits }) => [id, title, level, hits])).toEqual([
    [ENCODED, 'Encoded PowerShell', 'high', 4],
    [LOGONS, 'Failed Logon', 'medium', 1],
  ])
  expect(report.alerts).toEqual({ created: 4, updated: 0, unchanged: 0, suppressed: 0 })
  expect(report.incidents).toEqual({ created: 1, updated: 0, reopened: 0 })
  for (const [tag, count] of [
    ['Encoded PowerShell', 4],
    ['high', 4],
    ['attack.t1059.001', 4],
    ['medium', 1],
    ['attack.t1110', 1],
  ] as const)
    expect([tag, await findTagged(sketchId, tag)]).toEqual([tag, count])

  const { items } = await services.alerts.list(place.admin, { sketchId }, { sort: 'last', order: 'asc' })
  expect(items.map(({ title, host, count }) => [title, host, count])).toEqual([
    ['Encoded PowerShell', 'ws-2', 1],
    ['Failed Logon', 'ws-1', 1],
    ['Encoded PowerShell', 'ws-1', 2],
    ['Encoded PowerShell', 'ws-1', 1],
  ])
  expect(items[2]).toMatchObject({
    severity: 70,
    account: 'LAB\\ana',
    description: 'Somebody hides what is run.',
    tags: ['attack.execution', 'attack.t1059.001'],
    evidence: [expect.anything(), expect.anything()],
  })
  const [first] = items[2]!.evidence
  const { events } = await services.explore.search(place.admin, {
    sketchId,
    query: { kind: 'ids', values: [first!.id] },
    sort: 'asc',
    from: 0,
    size: 1,
  })
  expect(events[0]!.get('CommandLine')).toContain('-enc')
})

test('a second run doubles nothing, and one operation takes all tags back', async () => {
  const { id: sketchId } = await services.sketches.resolve(place.admin, 'Hits')
  const before = await services.marks.history(place.admin, sketchId)
  expect(before).toMatchObject([
    { kind: 'tag', value: 'hits of 2 rules', queryText: 'Sigma detection', matched: 5 },
  ])
  const again = await services.detections.run(place.admin, { sketchId })
  expect(again.alerts).toEqual({ created: 0, updated: 0, unchanged: 4, suppressed: 0 })
  expect(again.incidents).toEqual({ created: 0, updated: 0, reopened: 0 })
  expect(await services.marks.history(place.admin, sketchId)).toEqual(before)
  await services.marks.undo(place.admin, before[0]!.id)
  expect(await findTagged(sketchId, 'high')).toBe(0)
  expect(await findTagged(sketchId, 'attack.t1110')).toBe(0)
  await services.detections.run(place.admin, { sketchId })
  expect(await findTagged(sketchId, 'high')).toBe(4)
})

test('events that are imported are looked at as they come, once', async () => {
  const sketchId = await makeSketch('Live')
  await importEvents(sketchId, EVENTS.slice(0, 1))
  const first = await services.detections.waitForLive(place.admin, sketchId)
  expect(first).toMatchObject({ mode: 'live', events: 1, hits: 1, alerts: { created: 1 } })
  await importEvents(sketchId, EVENTS.slice(1, 5), 'more')
  const second = await services.detections.waitForLive(place.admin, sketchId)
  expect(second).toMatchObject({ hits: 4, alerts: { created: 3, updated: 1 } })
  const live = await services.alerts.list(place.admin, { sketchId })
  const whole = await services.detections.run(place.admin, { sketchId })
  expect(whole.alerts).toEqual({ created: 0, updated: 0, unchanged: 4, suppressed: 0 })
  const counts = (items: typeof live.items): unknown => items.map(({ uid, count }) => [uid, count])
  expect(counts((await services.alerts.list(place.admin, { sketchId })).items)).toEqual(counts(live.items))
  expect(await services.detections.listRuns(place.admin, sketchId)).toMatchObject([
    { mode: 'run', username: 'admin' },
    { mode: 'live' },
    { mode: 'live' },
  ])
})

test.each(['one timeline', 'rules that are given', 'one timeline after a look'])(
  'events that a run over %s counted before they were looked at are counted once',
  async (what) => {
    const sketchId = await makeSketch(`Once: ${what}`)
    const countOf = async (): Promise<number | undefined> =>
      (await services.alerts.list(place.admin, { sketchId, host: 'ws-9' })).items[0]?.count
    const at = (hour: number): object => powershell('WS-9', `2026-03-01T1${hour}:00:00Z`)
    if (what.endsWith('look')) {
      await importEvents(sketchId, [at(9)], 'seen')
      await services.detections.waitForLive(place.admin, sketchId)
      expect(await countOf()).toBe(1)
    }
    const seen = what.endsWith('look') ? 1 : 0
    await services.detections.setLive(place.admin, sketchId, false)
    await importEvents(sketchId, [at(0), at(1), at(2)], 'first')
    const first = (await services.timelines.list(place.admin, sketchId)).find(({ name }) => name === 'first')!
    await services.detections.run(place.admin, {
      sketchId,
      ...(what.startsWith('rules')
        ? { sources: [{ file: 'rules.yml', text: RULES }] }
        : { selection: { entries: [first.id] } }),
    })
    expect(await countOf()).toBe(seen + 3)
    await services.detections.setLive(place.admin, sketchId, true)
    await importEvents(sketchId, [at(3)], 'second')
    await services.detections.waitForLive(place.admin, sketchId)
    expect(await countOf()).toBe(seen + 4)
    await importEvents(sketchId, [at(4)], 'third')
    expect(await services.detections.waitForLive(place.admin, sketchId)).toMatchObject({ hits: 1 })
    expect(await countOf()).toBe(seen + 5)
  },
)

test('a sketch in which it was turned off is left alone', async () => {
  const sketchId = await makeSketch('Off')
  await services.detections.setLive(place.admin, sketchId, false)
  expect(await services.detections.isLive(place.admin, sketchId)).toBe(false)
  await importEvents(sketchId, EVENTS)
  expect(await services.detections.waitForLive(place.admin, sketchId)).toBeUndefined()
  expect((await services.alerts.list(place.admin, { sketchId })).total).toBe(0)
})

test('rules that are given run instead of those of the library; a dry run stores nothing', async () => {
  const sketchId = await makeSketch('Given')
  await services.detections.setLive(place.admin, sketchId, false)
  await importEvents(sketchId, EVENTS)
  const text = `title: Any Event
id: ${EVERYTHING}
logsource: { product: windows }
detection: { s: { Computer|startswith: ws }, condition: s }
`
  const request = {
    sketchId,
    sources: [
      { file: 'any.yml', text },
      { file: 'bad.yml', text: 'title: [' },
    ],
  }
  const dry = await services.detections.run(place.admin, { ...request, isDryRun: true })
  expect(dry).toMatchObject({
    mode: 'dry-run',
    hits: 6,
    matched: [{ id: EVERYTHING, matchesEverything: true }],
  })
  expect(dry.unsupported).toMatchObject([{ file: 'bad.yml', code: 'bad-yaml' }])
  expect((await services.alerts.list(place.admin, { sketchId })).total).toBe(0)
  expect(await services.marks.history(place.admin, sketchId)).toEqual([])
  expect(await services.detections.listRuns(place.admin, sketchId)).toEqual([])
  const report = await services.detections.run(place.admin, request)
  expect(report.alerts.created).toBe(3)
  expect(await findTagged(sketchId, 'Any Event')).toBe(6)
})

test('who may only read may not run, but may do so dry', async () => {
  const ana = await place.addUser('ana')
  const sketchId = await makeSketch('Shared')
  await services.access.changeSketchGrants(place.admin, sketchId, {
    grantUsers: ['ana'],
    permissions: ['read'],
  })
  await expect(services.detections.run(ana, { sketchId })).rejects.toMatchObject({
    code: 'no-write-permission',
  })
  await expect(services.detections.setLive(ana, sketchId, false)).rejects.toMatchObject({ kind: 'forbidden' })
  expect(await services.detections.run(ana, { sketchId, isDryRun: true })).toMatchObject({ events: 0 })
  const bob = await place.addUser('bob')
  for (const call of [
    () => services.detections.run(bob, { sketchId, isDryRun: true }),
    () => services.detections.listRuns(bob, sketchId),
    () => services.detections.getRun(bob, sketchId, 'latest'),
    () => services.detections.isLive(bob, sketchId),
    () => services.detections.waitForLive(bob, sketchId),
  ])
    await expect(call()).rejects.toMatchObject({ code: 'no-read-permission' })
})

test('a correlation is an alert of what its events have in common', async () => {
  const sketchId = await makeSketch('Correlation')
  await services.detections.setLive(place.admin, sketchId, false)
  const times = [0, 1, 2, 3].map((minute) => `2026-03-01T10:0${minute}:00Z`)
  await importEvents(
    sketchId,
    times.map((time) => failedLogon('DC-1', time)),
  )
  const text = `title: Failed
name: failed_logon
logsource: { product: windows, service: security }
detection: { s: { EventID: 4625 }, condition: s }
---
title: Many Failed Logons
id: 11111111-0000-4000-8000-00000000000c
level: high
correlation:
  type: event_count
  rules: [failed_logon]
  group-by: [Computer]
  timespan: 10m
  condition: { gte: 3 }
`
  const report = await services.detections.run(place.admin, { sketchId, sources: [{ file: 'c.yml', text }] })
  expect(report.alerts.created).toBe(1)
  const { items } = await services.alerts.list(place.admin, { sketchId })
  expect(items).toMatchObject([
    { title: 'Many Failed Logons', host: 'dc-1', group: { Computer: 'DC-1' }, count: 4 },
  ])
  expect(await findTagged(sketchId, 'Many Failed Logons')).toBeGreaterThanOrEqual(3)
})

test('an alert of a correlation that grows as events come is that of one run over all of them', async () => {
  const sketchId = await makeSketch('Growing')
  const text = `title: Clears
name: clears
logsource: { product: made_up }
detection: { s: { act: clear }, condition: s }
---
title: Many Clears
id: 11111111-0000-4000-8000-00000000000d
correlation:
  type: event_count
  rules: [clears]
  group-by: [who]
  timespan: 1m
  condition: { gte: 2 }
`
  await services.rules.add(place.admin, [{ file: 'clears.yml', text }])
  const bring = async (...minutes: readonly string[]): Promise<void> => {
    const rows = minutes.map((minute) => {
      return { datetime: `2026-03-01T10:${minute}Z`, message: 'c', act: 'clear', who: 'eve' }
    })
    await importEvents(sketchId, rows)
    await services.detections.waitForLive(place.admin, sketchId)
  }
  const findAlerts = async () => (await services.alerts.list(place.admin, { sketchId })).items
  await bring('00:00', '00:30')
  await bring('30:00', '30:30')
  expect(await findAlerts()).toMatchObject([{ count: 4, evidence: { length: 4 } }])
  const { uid } = (await findAlerts())[0]!
  await services.alerts.decide(place.admin, uid, { status: 'closed' })
  await bring('01:00')
  const grown = await findAlerts()
  expect(grown).toMatchObject([{ uid, status: 'open', count: 5, evidence: { length: 5 } }])
  const { alerts } = await services.detections.run(place.admin, { sketchId })
  expect(alerts).toMatchObject({ created: 0, updated: 0, unchanged: 1 })
  const again = await findAlerts()
  expect(again.map(({ count, firstUs, lastUs }) => [count, firstUs, lastUs])).toEqual(
    grown.map(({ count, firstUs, lastUs }) => [count, firstUs, lastUs]),
  )
  for (const { uuid } of await services.rules.list(place.admin, { text: 'Clears' }))
    await services.rules.remove(place.admin, uuid)
})

test('rules that look for words anywhere look at events, not at the tags of runs before', async () => {
  const sketchId = await makeSketch('Words')
  await services.detections.setLive(place.admin, sketchId, false)
  await importEvents(sketchId, EVENTS)
  const text = `title: Marked with a lighthouse
logsource: { product: windows }
detection: { s: { EventID: 1 }, condition: s }
---
title: Looks for a word
logsource: { product: windows }
detection: { keywords: [lighthouse], condition: keywords }
`
  const request = { sketchId, sources: [{ file: 'words.yml', text }] }
  const first = await services.detections.run(place.admin, request)
  const second = await services.detections.run(place.admin, request)
  expect([first.hits, second.hits]).toEqual([4, 4])
})

test('what somebody adds to the library blinds no rule of others, what an administrator adds does', async () => {
  const sketchId = await makeSketch('Blinded')
  await services.detections.setLive(place.admin, sketchId, false)
  await importEvents(sketchId, EVENTS)
  const eve = await place.addUser('eve')
  const look = async (): Promise<readonly (readonly [string, number, boolean])[]> => {
    const { matched } = await services.detections.run(place.admin, { sketchId, isDryRun: true })
    return matched.map(({ id, hits, isReported }) => [id, hits, isReported])
  }
  const all = await look()
  expect(all).toContainEqual([LOGONS, 1, true])
  const filter = `title: Nothing to See
id: 11111111-0000-4000-8000-000000000021
logsource: { product: windows }
filter:
  rules: any
  s: { Computer: nowhere }
  condition: s
`
  const correlation = `title: Very Many
id: 11111111-0000-4000-8000-000000000022
correlation:
  type: event_count
  rules: [${LOGONS}]
  timespan: 1s
  condition: { gte: 1000000 }
`
  for (const text of [filter, correlation]) {
    const { uuid } = await services.rules.create(eve, text)
    expect(await look()).toEqual(all)
    await services.users.setAdmin(place.admin, eve.userId!, true)
    expect(await look()).not.toEqual(all)
    await services.users.setAdmin(place.admin, eve.userId!, false)
    expect(await look()).toEqual(all)
    await services.rules.remove(eve, uuid)
    const own = await services.rules.create(place.admin, text)
    expect(await look()).not.toEqual(all)
    await services.rules.remove(place.admin, own.uuid)
  }
})

test('a run of a policy is held to the filters that are for its rules, and to no others', async () => {
  const sketchId = await makeSketch('Policy')
  await services.detections.setLive(place.admin, sketchId, false)
  await importEvents(sketchId, EVENTS)
  const filter = `title: Expected
id: 11111111-0000-4000-8000-000000000031
logsource: { product: windows }
filter:
  rules: [failed, ${ENCODED}]
  s: { EventID: 4625 }
  condition: not s
`
  const { uuid } = await services.rules.create(place.admin, filter)
  for (const [id, hits] of [
    [LOGONS, []],
    [ENCODED, [ENCODED]],
  ] as const) {
    const policy = await services.policies.create(place.admin, { name: id, ruleUuids: [id] })
    const request = { sketchId, isDryRun: true, policyUuid: policy.uuid }
    const { matched, unsupported } = await services.detections.run(place.admin, request)
    expect(matched.map((rule) => rule.id)).toEqual(hits)
    expect(unsupported).toEqual([])
    await services.policies.delete(place.admin, policy.uuid)
  }
  await services.rules.remove(place.admin, uuid)
})

test('the analyzer runs the rules once more when they have changed', async () => {
  const sketchId = await makeSketch('Analyzed')
  await importEvents(sketchId, EVENTS)
  const [timeline] = await services.timelines.list(place.admin, sketchId)
  const analyze = async (): Promise<number> => {
    const request = { timelineIds: [timeline!.id], names: ['sigma'] }
    const sessions = await services.analyzers.run(place.admin, sketchId, request)
    for (const { id } of sessions) await services.analyzers.wait(place.admin, sketchId, id)
    return sessions.length
  }
  expect(await analyze()).toBe(1)
  expect(await analyze()).toBe(0)
  await services.rules.create(
    place.admin,
    'title: One More\nlogsource: { product: windows }\ndetection: { s: { EventID: 4624 }, condition: s }\n',
  )
  expect(await analyze()).toBe(1)
  expect(await analyze()).toBe(0)
})
