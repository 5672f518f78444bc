import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Principal } from '../../auth/principal.ts'
import { openSqliteDatabase } from '../../db/sqlite-database.ts'
import { openTemporarySystem, type TemporarySystem } from '../../testing/temporary-system.ts'
import type { FindingStatus } from '../findings/finding.ts'
import type { Alert, AlertFilter, AlertService } from './alert-service.ts'

const DAY_MS = 86_400_000
const COUNT = 180

let place: TemporarySystem
let alerts: AlertService
let ana: Principal
let bob: Principal
let all: readonly Alert[]

beforeAll(async () => {
  place = await openTemporarySystem()
  ;({ alerts } = place.system.services)
  ana = await place.addUser('ana')
  bob = await place.addUser('bob')
  const sketchId = (await place.system.services.sketches.create(ana, { name: 'Of Ana' })).id
  // Several to a day at its very ends, days without any, and some before 1970.
  const drafts = Array.from({ length: COUNT }, (_, number) => ({
    sourceKey: `days ${number}`,
    source: 'api',
    ...(number % 3 === 0 ? {} : { sketchId }),
    title: `Alert ${number % 7}`,
    severity: [10, 50, 90][number % 3]!,
    spans: new Map([[0, { count: 1, firstUs: 0n, lastUs: 0n }]]),
    createdAtMs:
      Math.floor(number / 6) * 2 * DAY_MS - 10 * DAY_MS + [0, 1, DAY_MS / 2, DAY_MS - 1][number % 4]!,
  }))
  await alerts.store(ana, drafts)
  const { items } = await alerts.list(ana, {}, { limit: 1000 })
  for (const [at, { uid, severity }] of items.entries())
    if (at % 4 === 0) await alerts.decide(ana, uid, { status: 'closed', severity: (severity + 5) % 100 })
  all = (await alerts.list(ana, {}, { limit: 1000 })).items
})
afterAll(async () => {
  await place[Symbol.asyncDispose]()
})

const at = (days: number, ms = 0): number => days * DAY_MS + ms
const filters: readonly (readonly [string, AlertFilter, (alert: Alert) => boolean])[] = [
  ['everything', {}, () => true],
  ['a status', { statuses: ['closed'] }, ({ status }) => status === 'closed'],
  ['another status', { notStatuses: ['closed'] }, ({ status }) => status !== 'closed'],
  ['a severity', { minSeverity: 51, maxSeverity: 94 }, ({ severity }) => severity > 50 && severity < 95],
  ['nothing', { statuses: ['rejected'] }, () => false],
  ['no severity', { severities: [] }, () => false],
  ['no rule', { ruleUuids: [] }, () => false],
  ['no engine', { engines: [] }, () => false],
  ['no resolution', { resolutions: [] }, () => false],
  ['other rules than none', { otherThanRuleUuids: [] }, () => true],
  ['no conditions', { facts: [] }, () => true],
  ['a title, which is not counted', { text: 'alert 3' }, ({ title }) => title === 'Alert 3'],
]
const spans: readonly (readonly [from: number | undefined, to: number | undefined])[] = [
  [undefined, undefined],
  [at(-4), at(6) - 1],
  [at(-4, 1), at(6, 1)],
  [at(2, 1), at(2, DAY_MS - 2)],
  [undefined, at(-2, 1)],
  [at(20, 1), undefined],
  [at(9), at(8)],
]

test.each(filters)(
  'pages and counts by %s are those of all alerts, wherever they begin',
  async (_name, filter, isWanted) => {
    for (const [createdFromMs, createdToMs] of spans) {
      const asked = {
        ...filter,
        ...(createdFromMs === undefined ? {} : { createdFromMs }),
        ...(createdToMs === undefined ? {} : { createdToMs }),
      }
      const expected = all
        .filter(
          (alert) =>
            isWanted(alert) &&
            alert.createdAtMs >= (createdFromMs ?? Number.NEGATIVE_INFINITY) &&
            alert.createdAtMs <= (createdToMs ?? Number.POSITIVE_INFINITY),
        )
        .toSorted((a, b) => a.createdAtMs - b.createdAtMs || a.id - b.id)
        .map(({ id }) => id)
      const counts = await alerts.countBySeverity(ana, asked)
      expect(counts.values().reduce((sum, count) => sum + count, 0)).toBe(expected.length)
      for (const order of ['asc', 'desc'] as const) {
        const wanted = order === 'asc' ? expected : expected.toReversed()
        for (const offset of [0, 1, 13, 60, wanted.length]) {
          const page = await alerts.list(ana, asked, { sort: 'created', order, limit: 7, offset })
          expect(page.total).toBe(wanted.length)
          expect(page.items.map(({ id }) => id)).toEqual(wanted.slice(offset, offset + 7))
          expect(page.next !== undefined).toBe(offset + 7 < wanted.length)
        }
        const walked: number[] = []
        for (let after: string | undefined; ; ) {
          const options = {
            sort: 'created',
            order,
            limit: 11,
            ...(after === undefined ? {} : { after }),
          } as const
          const { items, next } = await alerts.readPage(ana, asked, options)
          walked.push(...items.map(({ id }) => id))
          if (next === undefined) break
          after = next
        }
        expect(walked).toEqual(wanted)
      }
    }
  },
)

test('what others may not see is not counted for them', async () => {
  const counts = await alerts.countBySeverity(bob, {})
  expect(counts.values().reduce((sum, count) => sum + count, 0)).toBe(COUNT / 3)
  expect((await alerts.list(bob, {}, { limit: 1 })).total).toBe(COUNT / 3)
})

test('counts follow whatever happens to alerts, also when their sketch goes', async () => {
  const database = openSqliteDatabase(join(place.system.dataDirectory, 'metadata.sqlite'))
  const { db } = database
  const read = async (): Promise<unknown> => ({
    counted: await db
      .selectFrom('alert_counts')
      .select(({ fn }) => fn.sum('alerts').as('alerts'))
      .execute(),
    states: await db.selectFrom('alert_counts').select('status').distinct().orderBy('status').execute(),
  })
  expect(await read()).toEqual({
    counted: [{ alerts: COUNT }],
    states: [{ status: 'closed' }, { status: 'open' }],
  })
  const closed: FindingStatus = 'closed'
  await db.updateTable('alerts').set({ status: closed }).execute()
  expect(await read()).toEqual({ counted: [{ alerts: COUNT }], states: [{ status: closed }] })
  await db.deleteFrom('sketches').execute()
  expect(await read()).toEqual({ counted: [{ alerts: COUNT / 3 }], states: [{ status: closed }] })
  await db.deleteFrom('alerts').execute()
  expect(await db.selectFrom('alert_counts').selectAll().execute()).toEqual([])
  await database.close()
})
