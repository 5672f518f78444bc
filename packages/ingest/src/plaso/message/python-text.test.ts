import { describe, expect, it } from 'vitest'
import { PlasoFloat, PlasoTuple, type Value } from '../piece/container-value.ts'
import { formatPython, toPythonText, writeFloat } from './python-text.ts'

describe('values as Python writes them', () => {
  it.each<[Value, string]>([
    ['plain', 'plain'],
    [true, 'True'],
    [12345678901234567890n, '12345678901234567890'],
    [
      ["it's", 'a "b"', `both ' "`, 'tab\t\\', '\u00a0\u200b\u{1d11e}\u0001'],
      `["it's", 'a "b"', 'both \\' "', 'tab\\t\\\\', '\\xa0\\u200b\u{1d11e}\\x01']`,
    ],
    [new PlasoTuple(['a']), "('a',)"],
    [new PlasoTuple(['a', 1]), "('a', 1)"],
    [[null, new PlasoFloat(1)], '[None, 1.0]'],
    [new Map<string, Value>([['k', [1]]]), "{'k': [1]}"],
  ])('value %#', (value, text) => {
    expect(toPythonText(value)).toBe(text)
  })

  it.each([
    [1, '1.0'],
    [0.1, '0.1'],
    [1e16, '1e+16'],
    [123456789012345680, '1.2345678901234568e+17'],
    [1e-5, '1e-05'],
    [0.0001, '0.0001'],
    [-2.5e-7, '-2.5e-07'],
    [-0, '-0.0'],
    [Number.NaN, 'nan'],
    [Number.NEGATIVE_INFINITY, '-inf'],
  ])('the float %d', (value, text) => {
    expect(writeFloat(value)).toBe(text)
  })

  it.each<[Value, string, string | undefined]>([
    [255, '04x', '00ff'],
    [255, '08X', '000000FF'],
    [8, '03o', '010'],
    [-255, 'x', '-ff'],
    [new PlasoFloat(2.345), '.2f', (2.345).toFixed(2)],
    ['ab', '>4', '  ab'],
    ['abcd', '.2', 'ab'],
    [7, '+d', '+7'],
    ['text', 'x', undefined],
    [new PlasoFloat(1.5), 'x', undefined],
  ])('value %# by its specification', (value, spec, text) => {
    expect(formatPython(value, spec)).toBe(text)
  })
})
