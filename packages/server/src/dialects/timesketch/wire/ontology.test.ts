import { expect, test } from 'vitest'
import { encodeValue, marshalAttributes } from './ontology.ts'

test('values are kept as text and come back as what they are', () => {
  expect(
    marshalAttributes([
      { name: 'ticket', ontology: 'text', values: ['1', '2'], userId: 1 },
      { name: 'number', ontology: 'int', values: ['7'], userId: 1 },
      { name: '__proto__', ontology: 'bool', values: ['true'], userId: 1 },
      { name: 'broken', ontology: 'dict', values: ['x'], userId: 1 },
    ]),
  ).toEqual(
    Object.fromEntries([
      ['ticket', { value: ['1', '2'], ontology: 'text' }],
      ['number', { value: 7, ontology: 'int' }],
      ['__proto__', { value: true, ontology: 'bool' }],
      ['broken', { value: 'x', ontology: 'dict' }],
    ]),
  )
})

test('a value of another kind is refused', () => {
  expect(encodeValue('abc', 'int')).toBeUndefined()
  expect(encodeValue(1.5, 'int')).toBeUndefined()
  expect(encodeValue([], 'dict')).toBeUndefined()
})
