import type { Sekoia } from '@timeskein/sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeAlert } from './testing/make-alert.ts'
import { openSekoia, type SekoiaPlace } from './testing/open-sekoia.ts'

let at: SekoiaPlace
let sekoia: Sekoia

beforeEach(async () => {
  at = await openSekoia()
  sekoia = at.sekoia
})
afterEach(async () => {
  await at[Symbol.asyncDispose]()
  expect(at.problems).toEqual([])
})

test('programs in SOL run over alerts, cases and intakes, and saved ones too', async () => {
  await at.makeIntake()
  const uuid = await makeAlert(at, 'a', 70)
  const one = await sekoia.cases.create({ title: 'Case' })
  await sekoia.cases.addAlerts(one.uuid, [uuid])
  expect(
    await sekoia
      .sol(
        'alerts | where urgency >= 50 and created_at > ago(1d) | select title, status, first_seen_at, cases',
      )
      .toArray(),
  ).toEqual([{ title: 'a', status: 'Pending', first_seen_at: '2026-01-01T00:00:00.000Z', cases: [one.uuid] }])
  expect(
    await sekoia.sol('alerts | join cases on cases == uuid | select title, case.title').toArray(),
  ).toEqual([{ title: 'a', 'case.title': 'Case' }])
  expect(
    await sekoia
      .sol(
        'intakes | join entities on entity_uuid == uuid | join communities on community_uuid == uuid | select name, entity.name',
      )
      .toArray(),
  ).toEqual([{ name: 'endpoint', 'entity.name': 'Paris' }])
  for (const table of [
    'asset_accounts',
    'event_telemetry',
    'custom_statuses',
    'rule_definitions',
    'eternal_events',
  ])
    expect(await sekoia.sol(`${table} | count`).toArray(), table).toEqual([{ count: 0 }])
  const saved = await sekoia.queries.create({
    name: 'Recent',
    definition: { ql_query: 'alerts | where created_at between (?time.start .. ?time.end) | count' },
  })
  expect(saved.parameters).toEqual(['time'])
  const parameters = { time: { start: '-1h', end: 'now' } }
  expect(await sekoia.queries.runSaved(saved.uuid, { parameters }).toArray()).toEqual([{ count: 1 }])
  await expect(sekoia.queries.runSaved(saved.uuid).first()).rejects.toMatchObject({
    status: 422,
    code: 'missing-parameters',
    message: expect.stringContaining('?time.start, ?time.end') as string,
  })
  await sekoia.queries.delete(saved.uuid)
  expect(await sekoia.queries.list().toArray()).toEqual([])
})

test('a program reads no table that its key does not allow for', async () => {
  const searcher = await at.connect(['SIC_READ_INTAKES'])
  expect(await searcher.sol('events | count').toArray()).toEqual([{ count: 0 }])
  for (const program of [
    'alerts | count',
    'let a = cases; events | join a on x == uuid',
    'rule_instances',
    'assets',
  ])
    await expect(searcher.sol(program).first(), program).rejects.toMatchObject({
      name: 'JobError',
      message: expect.stringContaining('a key with the permission to read') as string,
    })
})

test('a program that cannot be read or run says where', async () => {
  await expect(sekoia.sol('alerts | wher x').first()).rejects.toMatchObject({
    status: 422,
    message: expect.stringContaining('column 10') as string,
  })
  const run = await sekoia.queries.start({ query_definition: { ql_query: 'alerts | where title == "none"' } })
  await expect(sekoia.queries.download(run.uuid, 'csv')).rejects.toMatchObject({
    status: 404,
    code: 'NO_RESULTS',
  })
  await at.place.addUser('ana')
  const ana = await at.connect([], 'ana')
  await expect(ana.queries.getRun(run.uuid)).rejects.toMatchObject({ status: 404 })
})
