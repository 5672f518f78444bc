import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openElementsPlace } from './testing/elements-place.ts'

test('who asks too often is told how long to wait, in the platform’s shape', async () => {
  await using place = await openElementsPlace()
  await mkdir(join(place.temporary.directory, 'config'), { recursive: true })
  await writeFile(
    join(place.temporary.directory, 'config', 'platforms.yaml'),
    'elements: {requestsPerMinute: 1}\n',
  )
  expect((await place.ask('/whoami/v1/whoami')).status).toBe(200)
  const refused = await place.ask('/whoami/v1/whoami')
  expect([refused.status, await refused.json()]).toMatchObject([
    429,
    { message: 'Too many requests', code: 429000, transactionId: refused.headers.get('x-transaction') },
  ])
  expect(refused.headers.get('retry-after')).toMatch(/^\d+$/)
})
