import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { connectElements } from './testing/connected-elements.ts'

test.each([
  ['removed', "update connectors set name = 'removed', sealed_secret = '', removed_at_ms = 1"],
  ['removed before it brought anything', 'delete from connectors'],
  [
    'removed, and another took its place',
    "update connectors set sealed_secret = '', created_at_ms = created_at_ms + 1",
  ],
])('credentials are those of no connector that was %s while the platform was asked', async (_, change) => {
  await using connected = await connectElements()
  const { place, elements, ana } = connected
  using database = new DatabaseSync(join(place.directory, 'metadata.sqlite'))
  elements.fail = () => {
    database.exec(change)
    return undefined
  }
  const { connectors } = place.system.services
  await expect(connectors.setSecret(ana, 'edr', { secret: 'secret' })).rejects.toMatchObject({
    code: 'connector-not-found',
  })
  const rows = database.prepare('select sealed_secret from connectors').all()
  expect(rows.filter((row) => row['sealed_secret'] !== '')).toEqual([])
})
