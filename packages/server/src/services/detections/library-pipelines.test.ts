import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTemporarySystem, type TemporarySystem } from '../../testing/temporary-system.ts'
import type { RuleAdditions } from '../rules/rule-service.ts'
import type { Services } from '../services.ts'

let place: TemporarySystem
let services: Services

beforeAll(async () => {
  place = await openTemporarySystem()
  services = place.system.services
  await services.rules.add(place.admin, [{ file: 'rule.yml', text: RULE }])
})
afterAll(async () => {
  await place[Symbol.asyncDispose]()
})

const RULE = `title: Tool of Admins
level: high
logsource: { category: process_creation, product: windows }
detection:
  s: { Image|endswith: '\\tool.exe', CommandLine|endswith|expand: ' %admins%' }
  condition: s
`
const FIELDS = `name: fields of the site
priority: 15
transformations:
  - { type: field_name_mapping, mapping: { Image: proc } }
`
const writeVars = (...admins: readonly string[]): string =>
  `name: people of the site\nvars: { admins: [${admins.join(', ')}] }\n`

const addPipelines = async (...texts: readonly string[]): Promise<RuleAdditions> =>
  await services.rules.add(
    place.admin,
    texts.map((text, at) => ({ file: `${at}.yml`, text })),
  )

async function dropPipelines(): Promise<void> {
  for (const { uuid } of await services.rules.list(place.admin, { kind: 'pipeline' }))
    await services.rules.remove(place.admin, uuid)
}

/** A sketch with an event of each of some people. */
async function makeSketch(name: string, isLive: boolean, ...people: readonly string[]): Promise<number> {
  const { id: sketchId } = await services.sketches.create(place.admin, { name })
  await services.detections.setLive(place.admin, sketchId, isLive)
  await importEvents(sketchId, ...people)
  return sketchId
}

async function importEvents(sketchId: number, ...people: readonly string[]): Promise<void> {
  const rows = people.map((person) => ({
    datetime: '2026-03-01T10:00:00Z',
    message: 'Process Create',
    EventID: 1,
    Channel: 'Microsoft-Windows-Sysmon/Operational',
    proc: 'C:\\tool.exe',
    CommandLine: `tool.exe ${person}`,
    Computer: 'WS-1',
  }))
  const { ended } = await services.imports.start(place.admin, {
    sketchId,
    timeline: { name: 'events' },
    inputs: [
      {
        stream: new Blob(rows.map((row) => `${JSON.stringify(row)}\n`)).stream(),
        name: 'events.jsonl',
      },
    ],
    signal: new AbortController().signal,
  })
  expect((await ended).status).toBe('done')
}

test('pipelines of the library are used by runs, seen by the next one when they change, and left out when disabled', async () => {
  const sketchId = await makeSketch('Whole', false, 'root', 'guest', 'ana')
  const run = async () => await services.detections.run(place.admin, { sketchId, isDryRun: true })
  expect((await run()).unmatched).toEqual({ 'nothing-asked': 1 })
  expect(await addPipelines(writeVars('root'), FIELDS)).toMatchObject({ rules: 2, pipelines: 2, added: 2 })
  expect(await run()).toMatchObject({ rules: 1, hits: 1, unmatched: {} })
  expect(await addPipelines(writeVars('root', 'ana'), FIELDS)).toMatchObject({ updated: 1, unchanged: 1 })
  expect(await run()).toMatchObject({ hits: 2 })
  const [vars, fields] = await services.rules.list(place.admin, { kind: 'pipeline' })
  expect([vars, fields]).toMatchObject([
    { kind: 'pipeline', title: 'people of the site', version: 2, isEnabled: true },
    { title: 'fields of the site', version: 1 },
  ])
  await services.rules.setEnabled(place.admin, vars!.uuid, false)
  expect((await run()).unmatched).toEqual({ 'nothing-asked': 1 })
  await services.rules.setEnabled(place.admin, vars!.uuid, true)
  await services.rules.remove(place.admin, fields!.uuid)
  expect(await run()).toMatchObject({ hits: 0, unmatched: { field: 1 } })
  await dropPipelines()
})

test('events that come are looked at with them, and rules of files and policies are run with them', async () => {
  await addPipelines(writeVars('root'), FIELDS)
  const sketchId = await makeSketch('Live', true, 'root')
  expect(await services.detections.waitForLive(place.admin, sketchId)).toMatchObject({
    mode: 'live',
    hits: 1,
  })
  await addPipelines(writeVars('root', 'ana'))
  await importEvents(sketchId, 'ana', 'guest')
  expect(await services.detections.waitForLive(place.admin, sketchId)).toMatchObject({ events: 2, hits: 1 })
  const sources = [{ file: 'given.yml', text: RULE.replace('Tool of', 'Given Tool of') }]
  const given = await services.detections.run(place.admin, { sketchId, sources, isDryRun: true })
  expect(given).toMatchObject({ hits: 2, matched: [{ title: 'Given Tool of Admins' }] })
  const [rule] = await services.rules.list(place.admin)
  const policy = await services.policies.create(place.admin, { name: 'p', ruleUuids: [rule!.uuid] })
  const chosen = { sketchId, policyUuid: policy.uuid, isDryRun: true }
  expect(await services.detections.run(place.admin, chosen)).toMatchObject({ rules: 1, hits: 2 })
  await dropPipelines()
})

test('a run may bring some, beside those of the library; one that is broken is told and spoils nothing', async () => {
  await addPipelines(FIELDS)
  const sketchId = await makeSketch('Given', false, 'root', 'ana')
  const pipelines = [
    { file: 'broken.yml', text: 'name: b\ntransformations:\n  - type: no_such_step\n' },
    { file: 'vars.yml', text: writeVars('ana') },
  ]
  const report = await services.detections.run(place.admin, { sketchId, pipelines, isDryRun: true })
  expect(report).toMatchObject({
    rules: 1,
    hits: 1,
    unsupported: [],
    warnings: [{ code: 'bad-pipeline', file: 'broken.yml', line: 3, column: 11 }],
  })
  expect(await services.detections.run(place.admin, { sketchId, isDryRun: true })).toMatchObject({ hits: 0 })
  await dropPipelines()
})

test('a broken one is not taken, and told with its place', async () => {
  expect(await addPipelines('name: b\ntransformations:\n  - type: no_such_step\n', FIELDS)).toMatchObject({
    rules: 2,
    pipelines: 2,
    restored: 1,
    failed: [
      {
        code: 'bad-pipeline',
        line: 3,
        column: 11,
        reason: expect.stringContaining('field_name_mapping'),
      },
    ],
  })
  await dropPipelines()
})

test('of two with one name the first is kept and the second told', async () => {
  const { failed } = await addPipelines(writeVars('root'), writeVars('ana'))
  expect(failed).toMatchObject([
    {
      file: '1.yml',
      reason: 'name: one of its own expected, found that of the pipeline at 0.yml, line 1; the first is kept',
    },
  ])
  await dropPipelines()
})

test('they are the administrators’, are no rules to others, and never become some', async () => {
  const ana = await place.addUser('ana')
  const sources = [{ file: 'v.yml', text: writeVars('root') }]
  expect(await services.rules.add(ana, sources)).toMatchObject({
    added: 0,
    failed: [{ code: 'bad-pipeline', reason: expect.stringContaining('administrator') }],
  })
  const { id: sketchId } = await services.sketches.create(ana, { name: 'Of Ana' })
  await expect(services.detections.run(ana, { sketchId, pipelines: sources })).rejects.toMatchObject({
    kind: 'forbidden',
    code: 'pipelines-need-admin',
  })
  expect(await services.detections.run(ana, { sketchId, sources, isDryRun: true })).toMatchObject({
    unsupported: [{ code: 'bad-pipeline', file: 'v.yml' }],
  })
  await services.rules.add(place.admin, sources)
  const [pipeline] = await services.rules.list(place.admin, { kind: 'pipeline' })
  const { uuid } = pipeline!
  expect((await services.rules.list(place.admin)).map(({ kind }) => kind)).toEqual(['rule'])
  expect(await services.rules.list(place.admin, { withPipelines: true })).toHaveLength(2)
  for (const call of [
    () => services.rules.setEnabled(ana, uuid, false),
    () => services.rules.replace(ana, uuid, writeVars('eve')),
    () => services.rules.replace(place.admin, uuid, RULE),
    () => services.rules.create(place.admin, FIELDS),
    () => services.policies.create(place.admin, { name: 'of pipelines', ruleUuids: [uuid] }),
    () => services.ruleCatalogue.get(place.admin, uuid),
  ])
    await expect(call()).rejects.toMatchObject({ name: 'DomainError' })
  expect(await services.rules.replace(place.admin, uuid, writeVars('eve'))).toMatchObject({
    version: pipeline!.version + 1,
  })
  await dropPipelines()
})

test('a pipeline is of the administrator who added it last, and of no rule that has its id', async () => {
  await dropPipelines()
  const second = await place.addUser('second admin')
  await addPipelines(FIELDS)
  const again = await services.rules.add({ ...second, isAdmin: true }, [{ file: 'site.yml', text: FIELDS }])
  expect(again).toMatchObject({ updated: 1 })
  const [kept] = await services.rules.list(place.admin, { kind: 'pipeline' })
  expect(kept).toMatchObject({ owner: { username: 'second admin' } })
  const rule = `id: ${kept!.uuid}\n${RULE}`
  const refused = await services.rules.add(place.admin, [{ file: 'rule.yml', text: rule }])
  expect(refused.failed).toMatchObject([{ reason: expect.stringContaining('the id of a pipeline') }])
})
