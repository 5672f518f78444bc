import { expect, it } from 'vitest'
import { PlatformClock } from './platform-clock.ts'

const answer = (date: string): Promise<Response> =>
  Promise.resolve(new Response('', { headers: date === '' ? {} : { date } }))

it('moves on by what items say, never back, and not beyond the platform’s own now', async () => {
  const clock = new PlatformClock()
  let date = 'Tue, 05 Mar 2019 12:00:00 GMT'
  const fetch = clock.watch(() => answer(date))
  await fetch('http://platform')
  expect(clock.moveOn(undefined, '2019-03-05T10:00:00Z')).toBe('2019-03-05T10:00:00.000Z')
  expect(clock.moveOn('2019-03-05T11:00:00.000Z', '2019-03-05T10:00:00Z')).toBe('2019-03-05T11:00:00.000Z')
  expect(clock.moveOn('2019-03-05T11:00:00.000Z', '2030-01-01T00:00:00Z')).toBe('2019-03-05T12:00:00.000Z')
  date = ''
  await fetch('http://platform')
  expect(clock.moveOn(undefined, '2019-03-06T00:00:00Z')).toBe('2019-03-05T12:00:00.000Z')
})

it('leaves out what is no time', () => {
  const clock = new PlatformClock()
  expect(clock.moveOn(undefined, 'soon')).toBe(undefined)
  expect(clock.moveOn('2019-03-05T11:00:00.000Z', undefined)).toBe('2019-03-05T11:00:00.000Z')
})
