import { expect, test } from 'vitest'
import { checkIndexName } from './index-name.ts'

test('a name that the datastore takes is taken', () => {
  expect(() => checkIndexName('4c5afdf60c6e49499801368b7f238353')).not.toThrow()
  expect(() => checkIndexName('a')).not.toThrow()
})

test.each(['', 'Upper', 'a b', 'a*', '-a', '_a', '+a', 'a/b', 'a#'])('"%s" is refused', (name) => {
  expect(() => checkIndexName(name)).toThrow(RangeError)
})
