import type { Sekoia } from '@timeskein/sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
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

test('entities are sketches, and intakes belong to them', async () => {
  const { uuid, entity } = await at.makeIntake()
  const [sketch] = (await at.place.system.services.sketches.list(at.place.admin)).sketches
  expect(sketch!.name).toBe('Paris')
  expect(await sekoia.entities.get(entity))!.toMatchObject({
    name: 'Paris',
    entity_id: '1001',
    number_of_intakes: 1,
  })
  await sekoia.entities.update(entity, { name: 'Rennes', description: 'north' })
  expect((await sekoia.entities.list({ match: { name: 'Rennes' } }).toArray()).length).toBe(1)
  expect(await sekoia.intakes.get(uuid))!.toMatchObject({
    entity: { uuid: entity, name: 'Rennes' },
    is_custom_format: false,
  })
  expect(await sekoia.intakes.update(uuid, { name: 'renamed' })).toMatchObject({ name: 'renamed' })
  await expect(
    sekoia.intakes.create({
      name: 'x',
      entity_uuid: '00000000-0000-0000-0000-000000000000',
      format_uuid: 'x',
    }),
  ).rejects.toMatchObject({ status: 404 })
  await sekoia.entities.delete(entity)
  expect(await sekoia.intakes.list().toArray()).toEqual([])
})
