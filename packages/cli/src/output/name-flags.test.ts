import { expect, test } from 'vitest'
import { nameFlags } from './name-flags.ts'

test('an option that a sentence names is a flag of the command, and other words stay', () => {
  expect(nameFlags('say which it is with option "map" time=FIELD; option "encoding"')).toBe(
    'say which it is with --map time=FIELD; --encoding',
  )
  expect(nameFlags('an option "map2" or "map"')).toBe('an option "map2" or "map"')
})
