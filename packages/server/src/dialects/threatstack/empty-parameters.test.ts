import { expect, test } from 'vitest'
import { openTestPlatform, storeAlerts } from './testing/test-platform.ts'

test('version 1 takes parameters without a value as none, and no page of nothing', async () => {
  await using platform = await openTestPlatform()
  await storeAlerts(platform, 3)
  const [alert] = (await platform.get('/alerts?fields=&start=&end=')).json
  expect(Object.keys(alert)).toContain('title')
  const refused = await platform.get('/alerts?count=0')
  expect([refused.status, refused.json]).toEqual([
    400,
    { status: 'error', message: 'count: a whole number from 1 was expected, found 0.' },
  ])
})

test('a method that nothing answers is refused in the shape of the platform', async () => {
  await using platform = await openTestPlatform()
  const request = new Request('http://localhost/threatstack/api/v1/alerts', { method: 'OPTIONS' })
  const { status, json } = await platform.fetch(request)
  expect([status, json.status]).toEqual([404, 'error'])
})
