import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Principal } from '../../auth/principal.ts'
import { openSqliteDatabase } from '../../db/sqlite-database.ts'
import { openTemporarySystem, type TemporarySystem } from '../../testing/temporary-system.ts'
import type { GrantChange } from '../access/access-service.ts'
import { OwnWords } from './own-words.ts'

let place: TemporarySystem
let ana: Principal
let bob: Principal
beforeAll(async () => {
  place = await openTemporarySystem()
  ana = await place.addUser('ana')
  bob = await place.addUser('bob')
  const { groups } = place.system.services
  const { id } = await groups.create(place.admin, { name: 'team' })
  await groups.addMember(place.admin, id, ana.userId)
})
afterAll(() => place[Symbol.asyncDispose]())

async function makeSketch(owner: Principal, ...changes: readonly GrantChange[]): Promise<number> {
  const { sketches, access } = place.system.services
  const { id } = await sketches.create(owner, { name: 'case' })
  for (const change of changes) await access.changeSketchGrants(owner, id, change)
  return id
}

async function isOwn(sketchId: number, other: number): Promise<boolean> {
  const { db, close } = openSqliteDatabase(join(place.directory, 'metadata.sqlite'))
  const words = new OwnWords(sketchId)
  await words.learn(db, [other, null])
  await close()
  expect([words.has(sketchId), words.has(null), words.areOfNone(null)]).toEqual([true, false, true])
  expect(words.areOfOthers(other)).toBe(!words.has(other))
  return words.has(other)
}

test('two sketches of one person are of one word, those of two people are not', async () => {
  const [one, two, other] = [await makeSketch(ana), await makeSketch(ana), await makeSketch(bob)]
  expect([await isOwn(one, two), await isOwn(two, one)]).toEqual([true, true])
  expect([await isOwn(one, other), await isOwn(other, one)]).toEqual([false, false])
})

test('who may write to one of them alone changes nothing of the other', async () => {
  const own = await makeSketch(ana)
  const shared = await makeSketch(ana, { grantUsers: ['bob'], permissions: ['read', 'write'] })
  expect(await isOwn(shared, own)).toBe(false)
})

test('who may write to the one and only read the other changes nothing of that', async () => {
  const shown = await makeSketch(ana, { grantUsers: ['bob'], permissions: ['read'] })
  const shared = await makeSketch(ana, { grantUsers: ['bob'], permissions: ['read', 'write'] })
  expect(await isOwn(shared, shown)).toBe(false)
})

test('what somebody may do with a search index of the same number is none of it', async () => {
  const own = await makeSketch(ana)
  const shared = await makeSketch(ana, { grantUsers: ['bob'], permissions: ['read', 'write'] })
  const { db, close } = openSqliteDatabase(join(place.directory, 'metadata.sqlite'))
  const grant = { kind: 'searchindex', user_id: bob.userId, group_id: null } as const
  for (const permission of ['read', 'write'])
    for (const object_id of [own, shared])
      await db
        .insertInto('grants')
        .values({ ...grant, permission, object_id })
        .execute()
  await close()
  expect(await isOwn(shared, own)).toBe(false)
  // Nor does it stand in the way of what is.
  expect(await isOwn(own, await makeSketch(ana))).toBe(true)
})

test('what everybody reads may come from what everybody reads, and from nothing else', async () => {
  const own = await makeSketch(ana)
  const [shown, other] = [
    await makeSketch(ana, { isPublic: true }),
    await makeSketch(ana, { isPublic: true }),
  ]
  expect(await isOwn(own, shown)).toBe(false)
  expect([await isOwn(shown, other), await isOwn(shown, own)]).toEqual([true, true])
})

test('who reads one of them alone is told nothing of the other', async () => {
  const own = await makeSketch(ana)
  const shown = await makeSketch(ana, { grantUsers: ['bob'], permissions: ['read'] })
  expect(await isOwn(own, shown)).toBe(false)
  expect(await isOwn(shown, own)).toBe(true)
})

test('what all of a team may do everyone of it may do', async () => {
  const teams = await makeSketch(bob, { grantGroups: ['team'], permissions: ['read', 'write'] })
  const own = await makeSketch(ana, { grantUsers: ['bob'], permissions: ['read', 'write'] })
  expect(await isOwn(own, teams)).toBe(false)
  const both = await makeSketch(ana, {
    grantUsers: ['bob'],
    grantGroups: ['team'],
    permissions: ['read', 'write'],
  })
  expect([await isOwn(both, teams), await isOwn(teams, both)]).toEqual([true, true])
})

test('what the sketch of the same person told is of none once that is deleted, and of others where nobody asked whose it is', async () => {
  const [own, gone] = [await makeSketch(ana), await makeSketch(ana)]
  await place.system.services.sketches.delete(ana, gone)
  const { db, close } = openSqliteDatabase(join(place.directory, 'metadata.sqlite'))
  const words = new OwnWords(own)
  expect([words.has(gone), words.areOfNone(gone), words.areOfOthers(gone)]).toEqual([false, false, true])
  await words.learn(db, [gone])
  await close()
  expect([words.has(gone), words.areOfNone(gone), words.areOfOthers(gone)]).toEqual([false, true, false])
})
