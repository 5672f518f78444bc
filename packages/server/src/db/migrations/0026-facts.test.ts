import { type Compilable, sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { factSourceOf } from '../../services/devices/device-rows.ts'
import { FINDING_FACTS } from '../../services/findings/finding-rows.ts'
import { factExpression, matchFact } from '../../services/json-facts.ts'
import { openTemporaryDatabase, type TemporaryDatabase } from '../../testing/temporary-database.ts'
import { indexFacts } from './0026-facts.ts'

/** More levels than SQLite reads. */
const DEEP = `{"elements":${'{"a":'.repeat(1100)}1${'}'.repeat(1100)}}`

let database: TemporaryDatabase

beforeAll(async () => {
  database = await openTemporaryDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())

async function insertDevice(name: string, details: string): Promise<void> {
  const text = { uid: name, name, name_key: name, source: 'elements', details_json: details }
  await database.db
    .insertInto('devices')
    .values({ ...text, organisation_id: 1, created_at_ms: 1, updated_at_ms: 1 })
    .execute()
}

async function insertIncident(name: string, details: string): Promise<void> {
  const text = { uid: name, source_key: name, source: 'elements', title: name, status: 'open', reason: '' }
  await database.db
    .insertInto('incidents')
    .values({
      ...{ ...text, details_json: details, organisation_id: 1, severity: 50, risk: 50 },
      ...{ created_at_ms: 1, updated_at_ms: 1, first_us: 1, last_us: 1 },
    } as never)
    .execute()
}

/** How SQLite answers a question. */
async function explain(query: Compilable): Promise<string> {
  const { sql: text, parameters } = query.compile()
  let at = 0
  const literal = text.replaceAll('?', () => sql.lit(parameters[at++]).compile(database.db).sql)
  const { rows } = await sql<{ detail: string }>`explain query plan ${sql.raw(literal)}`.execute(database.db)
  return rows.map(({ detail }) => detail).join('; ')
}

test('devices and incidents whose JSON has more levels than SQLite reads can be kept', async () => {
  await insertDevice('deep', DEEP)
  await insertIncident('deep', DEEP)
  await indexFacts(database.db)
})

test('indexes that refused such devices are made anew', async () => {
  await sql`drop index devices_by_type`.execute(database.db)
  await sql`delete from devices`.execute(database.db)
  await sql`create index devices_by_type on devices (json_extract("details_json", '$.elements.type'))`.execute(
    database.db,
  )
  await expect(insertDevice('refused', DEEP)).rejects.toThrow('malformed JSON')
  await indexFacts(database.db)
  await insertDevice('kept', DEEP)
})

test.each([
  ['protection', { path: 'protectionStatusOverview', ifMissing: 'allOk' }],
  ['type', { path: 'type', ifMissing: 'computer' }],
  ['os_name', { path: 'os.name' }],
] as const)('devices by %s are found by an index', async (name, fact) => {
  const asked = matchFact(factSourceOf('elements'), { ...fact, oneOf: ['x'] })
  expect(await explain(database.db.selectFrom('devices').select('id').where(asked))).toContain(
    `INDEX devices_by_${name} (`,
  )
})

test('so are those of a cloud, and incidents by their ids there', async () => {
  const cloud = matchFact(factSourceOf('threatstack'), { path: 'instanceId', isTold: true })
  expect(await explain(database.db.selectFrom('devices').select('id').where(cloud))).toContain(
    'INDEX devices_of_cloud',
  )
  const incident = factExpression(FINDING_FACTS, 'incidentId')
  expect(
    await explain(database.db.selectFrom('incidents').select('id').where(incident, 'in', ['x'])),
  ).toContain('INDEX incidents_by_platform_id (')
})
