import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTemporarySystem, type TemporarySystem } from '../../testing/temporary-system.ts'
import { StructureCache } from './structure-cache.ts'

describe('remembered answers', () => {
  it('are shared until the version grows', async () => {
    let version = 1
    let reads = 0
    const cache = new StructureCache(() => version)
    const read = async (): Promise<number> => ++reads
    expect([
      await cache.get('a', ['users'], read),
      await cache.get('a', ['users'], read),
      await cache.get('b', ['users'], read),
    ]).toEqual([1, 1, 2])
    version++
    expect(await cache.get('a', ['users'], read)).toBe(3)
  })

  it('are old when something was written while they were read', async () => {
    let version = 1
    const cache = new StructureCache(() => version)
    await cache.get('a', ['users'], async () => {
      version++
      return 'old'
    })
    expect(await cache.get('a', ['users'], async () => 'new')).toBe('new')
  })

  it('are not kept when reading fails', async () => {
    const cache = new StructureCache(() => 1)
    await expect(cache.get('a', ['users'], () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await cache.get('a', ['users'], async () => 'yes')).toBe('yes')
  })
})

describe('a permission taken away', () => {
  let temporary: TemporarySystem
  beforeEach(async () => {
    temporary = await openTemporarySystem()
  })
  afterEach(async () => {
    await temporary[Symbol.asyncDispose]()
  })

  it('is gone for the next request, by grant, group or deletion', async () => {
    const { access, groups, sketches } = temporary.system.services
    const { admin } = temporary
    const ada = await temporary.addUser('ada')
    const sketch = await sketches.create(admin, { name: 'case' })
    const mayRead = (): Promise<boolean> =>
      access.requireSketch(ada, sketch.id, 'read').then(
        () => true,
        () => false,
      )
    expect(await mayRead()).toBe(false)
    await access.changeSketchGrants(admin, sketch.id, { grantUsers: ['ada'] })
    expect(await mayRead()).toBe(true)
    await access.changeSketchGrants(admin, sketch.id, { revokeUsers: ['ada'] })
    expect(await mayRead()).toBe(false)
    const group = await groups.create(admin, { name: 'g' })
    await access.changeSketchGrants(admin, sketch.id, { grantGroups: ['g'] })
    await groups.addMember(admin, group.id, ada.userId)
    expect(await mayRead()).toBe(true)
    await groups.removeMember(admin, group.id, ada.userId)
    expect(await mayRead()).toBe(false)
    await access.changeSketchGrants(admin, sketch.id, { isPublic: true })
    expect(await mayRead()).toBe(true)
    await sketches.delete(admin, sketch.id)
    expect(await mayRead()).toBe(false)
  })
})
