import { expect, test } from 'vitest'
import { PagePlaces } from './page-places.ts'

test('a page goes on where the one before it ended, of the same list only', () => {
  const places = new PagePlaces(() => 0)
  expect(places.find('a', 20)).toEqual({ offset: 20 })
  places.note('a', 20, 7)
  expect(places.find('a', 20)).toEqual({ after: 7, offset: 0 })
  expect(places.find('a', 60)).toEqual({ after: 7, offset: 40 })
  expect(places.find('a', 0)).toEqual({ offset: 0 })
  expect(places.find('b', 20)).toEqual({ offset: 20 })
  places.note('a', 40, 9)
  expect(places.find('a', 40)).toEqual({ after: 9, offset: 0 })
})

test('places are forgotten after a while, and there are only so many', () => {
  let nowMs = 0
  const places = new PagePlaces(() => nowMs)
  places.note('a', 20, 7)
  nowMs = 300_001
  expect(places.find('a', 20)).toEqual({ offset: 20 })
  for (let number = 0; number < 1001; number++) places.note(`${number}`, 20, 7)
  expect(places.find('0', 20)).toEqual({ offset: 20 })
  expect(places.find('1', 20)).toEqual({ after: 7, offset: 0 })
})
