import { expect, it } from 'vitest'
import { namePlaces } from './name-places.ts'

const nameOf = (top: string): string => namePlaces([`${top}/etc/passwd`, `${top}/home/a`])(`${top}/home/a`)

it.each([
  '2026-01-01T10',
  '2026-01-01',
  '20260101',
  '20260101T101500Z',
  '20260101101500',
  '2026_01_01_10_15_00',
  '2026-01-01 10.15',
  '2026-01-01T10_15_00_1234567Z',
  '2026-01-01T10:15:00+02:00',
])('a top folder that is called %s is no part of a place', (top) => {
  expect(nameOf(top)).toBe('home/a')
})

it.each([
  ['Collection-WS7-2026-01-01T10_15_00Z', 'Collection-WS7'],
  ['uac-web1-linux-20260101101500', 'uac-web1-linux'],
  ['2026-01-01T101500_WS7', 'WS7'],
  ['2026-01-01-07', '07'],
  ['2026-01-01_07', '07'],
])('of %s the time is left out and the rest is kept', (top, kept) => {
  expect(nameOf(top)).toBe(`${kept}/home/a`)
})

it.each(['C', 'ana', 'web1', 'ticket-20269901', '120260101', '2026010110', '10.20.26.1'])(
  'a top folder that is called %s may say whose the files are',
  (top) => {
    expect(nameOf(top)).toBe(`${top}/home/a`)
  },
)

it('folders beside one another keep their names, and so do files that stand in none', () => {
  const apart = ['2026-01-01/a', '2026-01-02/a']
  expect(apart.map(namePlaces(apart))).toEqual(apart)
  const beside = ['2026-01-01/a', '2026-01-01.log']
  expect(beside.map(namePlaces(beside))).toEqual(beside)
  expect(namePlaces(['2026-01-01/a', '2026-01-01-b/a'])('2026-01-01/a')).toBe('2026-01-01/a')
})
