import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Principal } from '../../auth/principal.ts'
import { isDomainError } from '../../errors/domain-error.ts'
import { openTemporarySystem, type TemporarySystem } from '../../testing/temporary-system.ts'
import type { Permission } from './access-service.ts'

let temporary: TemporarySystem
let people: Record<string, Principal>
let sketches: Record<string, number>

beforeAll(async () => {
  temporary = await openTemporarySystem()
  const { services } = temporary.system
  const { admin } = temporary
  const owner = await temporary.addUser('owner')
  const reader = await temporary.addUser('reader')
  const writer = await temporary.addUser('writer')
  const member = await temporary.addUser('member')
  const stranger = await temporary.addUser('stranger')
  people = { admin, owner, reader, writer, member, stranger }
  const group = await services.groups.create(admin, { name: 'response' })
  await services.groups.addMember(admin, group.id, member.userId)
  const own = await services.sketches.create(owner, { name: 'own' })
  const shared = await services.sketches.create(owner, { name: 'shared' })
  const open = await services.sketches.create(owner, { name: 'open' })
  const deleted = await services.sketches.create(owner, { name: 'deleted' })
  await services.access.changeSketchGrants(owner, shared.id, {
    grantUsers: ['reader'],
    permissions: ['read'],
  })
  await services.access.changeSketchGrants(owner, shared.id, {
    grantUsers: ['writer'],
    grantGroups: ['response'],
  })
  await services.access.changeSketchGrants(owner, open.id, { isPublic: true })
  await services.sketches.delete(owner, deleted.id)
  sketches = { own: own.id, shared: shared.id, open: open.id, deleted: deleted.id, missing: 999 }
})
afterAll(async () => {
  await temporary[Symbol.asyncDispose]()
})

describe('who may do what with a sketch', () => {
  const table: [sketch: string, who: string, allowed: readonly Permission[]][] = [
    ['own', 'owner', ['read', 'write', 'delete']],
    ['own', 'admin', ['delete']],
    ['own', 'reader', []],
    ['own', 'stranger', []],
    ['shared', 'owner', ['read', 'write', 'delete']],
    ['shared', 'reader', ['read']],
    ['shared', 'writer', ['read', 'write']],
    ['shared', 'member', ['read', 'write']],
    ['shared', 'stranger', []],
    ['open', 'stranger', ['read']],
    ['open', 'admin', ['read', 'delete']],
    ['deleted', 'owner', []],
    ['missing', 'owner', []],
  ]
  for (const [sketch, who, allowed] of table) {
    it(`${who} on the ${sketch} sketch: ${allowed.join(', ') || 'nothing'}`, async () => {
      for (const permission of ['read', 'write', 'delete'] as const) {
        const outcome = await temporary.system.services.access
          .requireSketch(people[who]!, sketches[sketch]!, permission)
          .then(
            () => 'allowed',
            (error: unknown) => (isDomainError(error) ? error.code : String(error)),
          )
        const isGone = sketch === 'deleted' || sketch === 'missing'
        const refusal = isGone ? 'sketch-not-found' : `no-${permission}-permission`
        expect(outcome).toBe(allowed.includes(permission) ? 'allowed' : refusal)
      }
    })
  }
})

describe('changing who may do what', () => {
  it('needs write', async () => {
    const { access } = temporary.system.services
    await expect(
      access.changeSketchGrants(people['reader']!, sketches['shared']!, { isPublic: true }),
    ).rejects.toMatchObject({ code: 'no-write-permission' })
  })

  it('grants nothing that the granter lacks', async () => {
    const { access } = temporary.system.services
    await expect(
      access.changeSketchGrants(people['writer']!, sketches['shared']!, {
        grantUsers: ['stranger'],
        permissions: ['delete'],
      }),
    ).rejects.toMatchObject({ code: 'cannot-grant', details: { permission: 'delete' } })
  })

  it('leaves the owner their rights', async () => {
    const { access } = temporary.system.services
    await expect(
      access.changeSketchGrants(people['writer']!, sketches['shared']!, { revokeUsers: ['owner'] }),
    ).rejects.toMatchObject({ code: 'owner-cannot-be-revoked' })
  })

  it('reports names it does not know and takes back what was granted', async () => {
    const { access, sketches: service } = temporary.system.services
    const owner = people['owner']!
    const sketch = await service.create(owner, { name: 'lent' })
    const outcome = await access.changeSketchGrants(owner, sketch.id, { grantUsers: ['stranger', 'nobody'] })
    expect(outcome).toEqual({ unknownUsers: ['nobody'], unknownGroups: [] })
    expect(await access.sketchPermissions(people['stranger']!, sketch.id)).toMatchObject({
      read: true,
      write: true,
    })
    await access.changeSketchGrants(owner, sketch.id, { revokeUsers: ['stranger@example.org'] })
    expect(await access.sketchPermissions(people['stranger']!, sketch.id)).toEqual({
      public: false,
      read: false,
      write: false,
      delete: false,
    })
  })
})

describe('listing sketches', () => {
  it('shows own, shared and every one according to scope', async () => {
    const { sketches: service } = temporary.system.services
    const names = async (
      who: string,
      scope: 'user' | 'shared' | 'all' | 'admin' | 'archived',
    ): Promise<string[]> =>
      (await service.list(people[who]!, { scope })).sketches.map((sketch) => sketch.name).toSorted()
    expect(await names('reader', 'user')).toEqual([])
    expect(await names('reader', 'shared')).toEqual(['open', 'shared'])
    expect(await names('owner', 'user')).toEqual(['lent', 'open', 'own', 'shared'])
    expect(await names('admin', 'admin')).toEqual(['lent', 'open', 'own', 'shared'])
    await expect(service.list(people['reader']!, { scope: 'admin' })).rejects.toMatchObject({
      code: 'not-an-admin',
    })
  })

  it('finds text in names in any case, and percent signs as such', async () => {
    const { sketches: service } = temporary.system.services
    const owner = people['owner']!
    expect((await service.list(owner, { scope: 'search', text: 'HAR' })).totalItems).toBe(1)
    for (const text of ['%', '_', '\0', 'har\0', 'ä'])
      expect((await service.list(owner, { scope: 'search', text })).totalItems, text).toBe(0)
    const { id } = await service.create(owner, { name: '50% Äpfel_' })
    for (const text of ['%', '0% ä'.toUpperCase(), 'PFEL_', ''])
      expect((await service.list(owner, { scope: 'search', text })).totalItems, text).toBeGreaterThan(0)
    await service.delete(owner, id)
  })

  it('pages', async () => {
    const { sketches: service } = temporary.system.services
    const page = await service.list(people['owner']!, { scope: 'user', perPage: 3, page: 2 })
    expect(page).toMatchObject({ page: 2, totalItems: 4, totalPages: 2 })
    expect(page.sketches).toHaveLength(1)
  })
})

describe('the life of a sketch', () => {
  it('is archived, refuses questions, and opens again', async () => {
    const { access, sketches: service } = temporary.system.services
    const owner = people['owner']!
    const sketch = await service.create(owner, { name: 'short' })
    expect((await service.archive(owner, sketch.id)).status).toBe('archived')
    await expect(access.requireOpenSketch(owner, sketch.id, 'read')).rejects.toMatchObject({
      code: 'sketch-archived',
    })
    await expect(service.delete(owner, sketch.id)).rejects.toMatchObject({ code: 'already-archived' })
    await expect(service.archive(owner, sketch.id)).rejects.toMatchObject({ code: 'already-archived' })
    expect((await service.unarchive(owner, sketch.id)).status).toBe('ready')
    await expect(service.unarchive(owner, sketch.id)).rejects.toMatchObject({ code: 'not-archived' })
  })

  it('is kept by a protective label, whatever its case', async () => {
    const { sketches: service } = temporary.system.services
    const owner = people['owner']!
    const sketch = await service.create(owner, { name: 'kept' })
    await service.addLabels(owner, sketch.id, ['Protected', 'protected', 'Other'])
    expect((await service.get(owner, sketch.id)).labels).toEqual(['Other', 'Protected'])
    await expect(service.delete(owner, sketch.id)).rejects.toMatchObject({ code: 'protected-label' })
    await service.removeLabels(owner, sketch.id, ['PROTECTED'])
    await expect(service.delete(owner, sketch.id, { force: true })).rejects.toMatchObject({
      code: 'force-needs-admin',
    })
    await service.delete(people['admin']!, sketch.id, { force: true })
    expect(await service.find(sketch.id)).toBeUndefined()
  })

  it('leaves a trace of every act in the audit log', async () => {
    const { audit, sketches: service } = temporary.system.services
    const owner = people['owner']!
    const sketch = await service.create(owner, { name: 'traced' })
    await service.update(owner, sketch.id, { description: 'more' })
    const entries = await audit.list(people['admin']!, { sketchId: sketch.id })
    expect(entries.map((entry) => [entry.username, entry.action, entry.result])).toEqual([
      ['owner', 'sketch.update', 'ok'],
      ['owner', 'sketch.create', 'ok'],
    ])
    await expect(audit.list(owner, { sketchId: sketch.id })).rejects.toMatchObject({ code: 'not-an-admin' })
  })
})

describe('an index of somebody else', () => {
  it('keeps its record as it is when it is attached to a protected sketch', async () => {
    const { searchIndexes, sketches: service, timelines } = temporary.system.services
    const [owner, writer] = [people['owner']!, people['writer']!]
    const { searchIndex } = await searchIndexes.create(owner, { name: 'open evidence', isPublic: true })
    const guarded = await service.create(writer, { name: 'guarded' })
    await service.addLabels(writer, guarded.id, ['protected'])
    const { timeline } = await timelines.attach(writer, guarded.id, { searchIndexId: searchIndex.id })
    expect(timeline.labels).toEqual(['protected'])
    expect(await searchIndexes.find(searchIndex.id)).toEqual(searchIndex)
    const own = await searchIndexes.create(writer, { name: 'own evidence' })
    await timelines.attach(writer, guarded.id, { searchIndexId: own.searchIndex.id })
    expect((await searchIndexes.find(own.searchIndex.id))!.labels).toEqual(['protected'])
  })

  it('stays as it is when a sketch that it is attached to is archived, opened again, or done with it', async () => {
    const { searchIndexes, sketches: service, store, timelines } = temporary.system.services
    const [owner, writer] = [people['owner']!, people['writer']!]
    const { searchIndex } = await searchIndexes.create(owner, { name: 'lent', isPublic: true })
    const borrower = await service.create(writer, { name: 'borrower' })
    const { timeline } = await timelines.attach(writer, borrower.id, { searchIndexId: searchIndex.id })
    await service.archive(writer, borrower.id)
    expect(await searchIndexes.find(searchIndex.id)).toEqual(searchIndex)
    await service.unarchive(writer, borrower.id)
    expect(await searchIndexes.find(searchIndex.id)).toEqual(searchIndex)
    await timelines.delete(writer, borrower.id, timeline.id)
    expect(await searchIndexes.find(searchIndex.id)).toEqual(searchIndex)
    expect((await store.listIndexes()).map(({ index }) => index)).toContain(searchIndex.indexName)
  })

  it('takes no import of whoever may only read it', async () => {
    const { searchIndexes, sketches: service, timelines } = temporary.system.services
    const [owner, writer] = [people['owner']!, people['writer']!]
    const { searchIndex } = await searchIndexes.create(owner, { name: 'read only', isPublic: true })
    const joint = await service.create(writer, { name: 'joint' })
    await timelines.attach(writer, joint.id, { searchIndexId: searchIndex.id })
    const chosen = await timelines.chooseForImport(writer, joint.id, { name: 'mine' })
    expect(chosen.searchIndex.owner?.username).toBe('writer')
    const again = await timelines.chooseForImport(writer, joint.id, { name: 'mine too' })
    expect(again.searchIndex.id).toBe(chosen.searchIndex.id)
    expect(await searchIndexes.find(searchIndex.id)).toEqual(searchIndex)
  })

  it('cannot be taken by its name, nor its fields be read, also once its sketch is archived', async () => {
    const { searchIndexes, sketches: service, timelines } = temporary.system.services
    const [owner, stranger] = [people['owner']!, people['stranger']!]
    const input = { name: 'evidence', indexName: 'ab'.repeat(16) }
    const held = await service.create(owner, { name: 'held' })
    const made = await timelines.chooseForImport(owner, held.id, input)
    const elsewhere = await service.create(stranger, { name: 'elsewhere' })
    const take = (): Promise<unknown> => timelines.chooseForImport(stranger, elsewhere.id, input)
    await expect(take()).rejects.toMatchObject({ code: 'index-not-writable' })
    await service.archive(owner, held.id)
    await expect(take()).rejects.toMatchObject({ code: 'index-not-writable' })
    await expect(searchIndexes.listFields(stranger, made.searchIndex.id)).rejects.toMatchObject({
      code: 'no-read-permission',
    })
  })
})
