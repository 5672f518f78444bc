import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { type Check, needResource } from '../check.ts'
import { connect } from '../place.ts'

export const SKETCH_CHECKS: readonly Check[] = [
  {
    name: 'a sketch is made, changed, labelled, listed and deleted',
    async run(place) {
      const client = await connect(place)
      const name = `sketch ${crypto.randomUUID()}`
      const sketch = await client.sketches.create({ name })
      equal((await sketch.get()).description, name)
      await sketch.update({ description: 'why' })
      await sketch.addLabels(['one', 'two'])
      await sketch.removeLabels(['two'])
      const detail = await sketch.get()
      deepEqual(
        [detail.name, detail.description, detail.owner, detail.labels, detail.isPublic],
        [name, 'why', place.user.username, ['one'], false],
      )
      deepEqual([...detail.myPermissions].sort(), ['delete', 'read', 'write'])
      equal((await client.sketches.find(name))?.id, sketch.id)
      const found = await Array.fromAsync(client.sketches.list({ search: name.slice(7) }))
      deepEqual(
        found.map(({ id }) => id),
        [sketch.id],
      )
      await sketch.delete()
      await rejects(sketch.get(), { code: 'not-found', status: 404 })
    },
  },
  {
    name: 'a list of sketches goes on over pages, and stops asking when nobody reads on',
    async run(place) {
      let pages = 0
      const client = await connect(place, {
        fetch: async (input, init) => {
          if (/\/sketches\/\?/.test(String(input))) pages += 1
          return await place.fetch(input, init)
        },
      })
      const made = await Promise.all([1, 2, 3].map((one) => client.sketches.create({ name: `page ${one}` })))
      let count = 0
      for await (const _sketch of client.sketches.list({ pageSize: 1 })) {
        count += 1
        if (count === 3) break
      }
      equal(pages, 3)
      for (const sketch of made) await sketch.delete()
    },
  },
  {
    name: 'a sketch is shared, and what was public stays so',
    async run(place) {
      const client = await connect(place)
      const sketch = await client.sketches.create({ name: 'shared' })
      const { username } = place.admin
      await sketch.sharing.setPublic(true)
      await sketch.sharing.grant({ users: [username], permissions: ['read'] })
      const shared = await sketch.get()
      equal(shared.isPublic, true)
      deepEqual(shared.acl[`user/${username}`], ['read'])
      await sketch.sharing.revoke({ users: [username] })
      const taken = await sketch.get()
      equal(taken.isPublic, true)
      equal(taken.acl[`user/${username}`], undefined)
      await sketch.sharing.setPublic(false)
      equal((await sketch.get()).isPublic, false)
      await sketch.delete()
    },
  },
  {
    name: 'attributes are set, replaced and deleted; indicators are added to those there are',
    async run(place) {
      const client = await connect(place)
      const sketch = await client.sketches.create({ name: 'attributes' })
      await sketch.attributes.set({ name: 'tickets', values: ['a', 'b'] })
      await sketch.attributes.set({ name: 'count', values: [3], ontology: 'int' })
      const list = await sketch.attributes.list()
      deepEqual(list.find(({ name }) => name === 'tickets')?.values, ['a', 'b'])
      deepEqual(
        list.find(({ name }) => name === 'count'),
        { name: 'count', ontology: 'int', values: [3] },
      )
      await sketch.attributes.delete('tickets', 'text')
      equal((await sketch.attributes.list()).length, 1)
      await sketch.attributes.addIndicators([{ ioc: '1.2.3.4', type: 'ipv4', tags: ['bad'] }])
      await sketch.attributes.addIndicators([{ ioc: 'evil.example', type: 'fqdn', tags: [] }])
      deepEqual(
        (await sketch.attributes.indicators()).map(({ ioc, tags }) => [ioc, tags]),
        [
          ['1.2.3.4', ['bad']],
          ['evil.example', []],
        ],
      )
      await sketch.delete()
    },
  },
  {
    name: 'a sketch is archived and taken out again',
    async run(place) {
      const client = await connect(place)
      const sketch = await client.sketches.create({ name: 'archive' })
      await sketch.imports.rows([{ datetime: '2024-01-01', message: 'm' }], { timeline: 'one' })
      await sketch.archive.archive()
      equal((await sketch.archive.get()).isArchived, true)
      await rejects(sketch.search('*').count(), { code: 'sketch-archived' })
      await sketch.archive.unarchive()
      equal((await sketch.archive.get()).isArchived, false)
      equal(await sketch.search('*').count(), 1)
      await sketch.delete()
    },
  },
  {
    name: 'users are listed, made by administrators only, and change their settings',
    async run(place) {
      const client = await connect(place)
      ok((await client.users.list()).some(({ username }) => username === place.user.username))
      const me = await client.users.me()
      equal((await client.users.get(me.id)).username, me.username)
      await rejects(client.users.create({ username: 'x', password: 'y' }), { code: 'forbidden', status: 403 })
      const settings = await client.users.changeSettings({ checked: true })
      equal(settings['checked'], true)
      equal((await client.users.settings())['checked'], true)
      ok(Array.isArray(await client.users.groups()))
    },
  },
  {
    name: 'indices and tasks are listed, settings and links are read',
    async run(place) {
      const client = await connect(place)
      const sketch = await client.sketches.create({ name: 'indices' })
      const account = await sketch.imports.rows([{ datetime: '2024-01-01', message: 'm' }], {
        timeline: 'one',
      })
      const index = (await client.indices.list()).find(({ indexName }) => indexName === account.indexName)
      const detail = await client.indices.get(index?.id ?? 0)
      equal(detail.hasTimelineId, true)
      ok(detail.fields.includes('message'))
      ok(Array.isArray(await client.tasks.list()))
      ok('OPENSEARCH_WILDCARD_DEFAULT' in (await client.settings()))
      ok((await client.aggregators.list()).some(({ name }) => name === 'field_bucket'))
      await needResource('context links', () => client.contextLinks())
      await sketch.delete()
    },
  },
]
