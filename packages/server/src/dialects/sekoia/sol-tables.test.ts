import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSekoia, type SekoiaPlace } from './testing/open-sekoia.ts'

let at: SekoiaPlace

beforeEach(async () => {
  at = await openSekoia()
})
afterEach(async () => {
  await at[Symbol.asyncDispose]()
  expect(at.problems).toEqual([])
})

async function push(key: string, path: string, body: string): Promise<Response> {
  return await at.ask(path, { method: 'POST', body, headers: { 'x-sekoiaio-intake-key': key } })
}

test('event_telemetry counts the events of an intake by the hour', async () => {
  const { key, uuid } = await at.makeIntake()
  const events = [0, 1, 2, 3, 4].map((n) => ({
    message: `event ${n}`,
    timestamp: `2026-01-01T0${n % 2}:30:00Z`,
  }))
  expect((await push(key, '/jsons', JSON.stringify(events))).status).toBe(200)
  expect(await at.sekoia.sol('event_telemetry | aggregate sum(occurrences)').toArray()).toEqual([
    { sum_occurrences: 5 },
  ])
  expect(
    await at.sekoia
      .sol(
        'event_telemetry | order by bucket_start_date asc | select intake_uuid, bucket_start_date, occurrences',
      )
      .toArray(),
  ).toEqual([
    { intake_uuid: uuid, bucket_start_date: '2026-01-01T00:00:00.000Z', occurrences: 3 },
    { intake_uuid: uuid, bucket_start_date: '2026-01-01T01:00:00.000Z', occurrences: 2 },
  ])
})

test('entities and communities have the columns that the platform documents', async () => {
  await at.makeIntake()
  const [entity] = await at.sekoia.sol('entities | order by created_at | limit 1').toArray()
  for (const name of ['created_at', 'updated_at'])
    expect(Date.parse(String(entity![name])), name).toBeGreaterThan(0)
  const [community] = await at.sekoia.sol('communities').toArray()
  const { homepage_url, updated_at } = (await at.sekoia.communities.get((await at.sekoia.me()).community))!
  expect(community).toMatchObject({ homepage_url, updated_at })
})

test('cases have the statuses that the API says', async () => {
  const { uuid, status } = await at.sekoia.cases.create({ title: 'odd logons' })
  expect(await at.sekoia.sol("cases | where status == 'opened' | select uuid, status").toArray()).toEqual([
    { uuid, status },
  ])
})
