import { expect, test } from 'vitest'
import { MAX_PATH_NAMES, readField, visitFields } from './event-fields.ts'

/** Far deeper than calls can be nested. */
const DEPTH = 100_000

function listFields(members: ReadonlyMap<string, string>): [string, string][] {
  const fields: [string, string][] = []
  visitFields(members, (path, json) => fields.push([path, json]))
  return fields
}

function nest(depth: number): string {
  return `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
}

test('fields of objects have dotted paths; arrays and empty names are left as they are', () => {
  expect(
    listFields(
      new Map([
        ['a', '{"b":{"c":1,"":2}}'],
        ['d', '[{"e":3}]'],
      ]),
    ),
  ).toEqual([
    ['a.b.c', '1'],
    ['a.b.', '2'],
    ['d', '[{"e":3}]'],
  ])
})

test('an object below the longest path is one value of JSON text, however deep it goes', () => {
  const path = Array.from({ length: MAX_PATH_NAMES }, () => 'a').join('.')
  const members = new Map([['a', nest(DEPTH)]])
  const below = nest(DEPTH - MAX_PATH_NAMES + 1)
  expect(listFields(members)).toEqual([[path, below]])
  expect(readField({ id: '1', timeline: 't', members }, path)).toBe(below)
})

test('a path with more names than that finds nothing, and ends', () => {
  const members = new Map([['a', nest(DEPTH)]])
  const path = 'a.'.repeat(1000)
  expect(readField({ id: '1', timeline: 't', members }, path)).toBeUndefined()
})
