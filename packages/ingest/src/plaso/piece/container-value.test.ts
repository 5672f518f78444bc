import { expect, it } from 'vitest'
import { PlasoFloat, parseAttributes } from './container-value.ts'

it('tells whole numbers from floats, however many digits they have', () => {
  const digits = '1'.repeat(200_000)
  const found = parseAttributes(`{"a": ${digits}.0, "b": 12345678901234567890, "c": -7, "d": 7e2, "e": -0.5}`)
  expect(found.get('a')).toBeInstanceOf(PlasoFloat)
  expect(found.get('b')).toBe(12_345_678_901_234_567_890n)
  expect(found.get('c')).toBe(-7)
  expect(found.get('d')).toEqual(new PlasoFloat(700))
  expect(found.get('e')).toEqual(new PlasoFloat(-0.5))
})
