import { Buffer } from 'node:buffer'
import { expect, it } from 'vitest'
import { parseAttributes } from './container-value.ts'
import { StoredAttributes } from './stored-attributes.ts'

const USUAL = {
  __type__: 'AttributeContainer',
  __container_type__: 'event_data',
  data_type: 'x:y',
  text: 'C:\\Users\\kim "x"\n',
  spelled: 'é/\u0001',
  empty: null,
  number: -7,
  flag: false,
  list: ['a', 1, null, [true]],
  pairs: [{ __type__: 'tuple', values: ['name', 'REG_SZ', ''] }],
  written: { __type__: 'DateTimeValues', __class_name__: 'Filetime', timestamp: 132 },
  object: { a: { b: 'c' } },
}

/** JSON as Python writes it: ASCII, with spaces behind commas and colons. */
function spell(value: unknown): string {
  return JSON.stringify(value, undefined, 1)
    .replaceAll(/\n\s*/g, ' ')
    .replaceAll(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function readStored(stored: StoredAttributes, text: string): readonly unknown[] | undefined {
  const bytes = Buffer.from(`{"before":1}${text}"behind":2}`)
  stored.enter(bytes)
  return stored.read(12, 12 + Buffer.byteLength(text)) ? [...stored] : undefined
}

it('makes of what Plaso writes what the parser makes of it', () => {
  const text = spell(USUAL)
  expect(readStored(new StoredAttributes(), text)).toEqual([...parseAttributes(text)])
})

it('reads names of a length that Plaso writes', () => {
  const text = spell({ ['n'.repeat(256)]: 1, ['n'.repeat(255)]: 2 })
  expect(readStored(new StoredAttributes(), text)).toEqual([...parseAttributes(text)])
})

it('finds attributes by their names, and none of the text before', () => {
  const stored = new StoredAttributes()
  readStored(stored, spell({ a: 'x', b: null }))
  readStored(stored, spell({ b: 'y' }))
  expect([stored.get('a'), stored.get('b'), stored.has('a'), stored.has('b')]).toEqual([
    undefined,
    'y',
    false,
    true,
  ])
})

it.each([
  '{"a": 1.0}',
  '{"a": 1e3}',
  '{"a": -0}',
  '{"a": 01}',
  '{"a": 1234567890123456}',
  '{"a": NaN}',
  '{"a": 1, "a": 2}',
  '{"10": 1, "2": 2}',
  '{"__proto__": 1}',
  `{"${'n'.repeat(257)}": 1}`,
  '{"a": [1.5]}',
  '{"a": {"\\u005f_type__": "tuple"}}',
  '{"a": "é"}',
  '{"a": "\t"}',
  '{"a": 1',
  '{"a": "x}',
  '{"a": 1} x',
  '{"a": "\\x"}',
  '[]',
])('leaves %s to the parser', (text) => {
  expect(readStored(new StoredAttributes(), text)).toBeUndefined()
})

it('never makes anything else of a damaged text than the parser, which refuses it or reads the same', () => {
  const text = spell(USUAL)
  const stored = new StoredAttributes()
  let taken = 0
  for (let at = 0; at < text.length; at++) {
    for (const damage of ['', '"', '\\', '{', '}', ',', ' ', '7', '.', 'u0041']) {
      const damaged = text.slice(0, at) + damage + text.slice(at + 1)
      const found = readStored(stored, damaged)
      if (found === undefined) continue
      taken++
      expect(found, damaged).toEqual([...parseAttributes(damaged)])
    }
  }
  expect(taken).toBeGreaterThan(text.length)
})
