import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { detectJson } from './detect-json.ts'

const cases: readonly (readonly [string, string, ReturnType<typeof detectJson>])[] = [
  ['objects line by line', '{"a":1}\n{"a":2}\n', { kind: 'lines' }],
  ['one object on one line', '{"a":1}', { kind: 'lines' }],
  ['lines of which some are broken', '{"a":1}\n{"a":\n{"a":3}\n', { kind: 'lines' }],
  [
    'lines of which many are no objects',
    '{"a":1}\n{"a":\n{"a":3}\n[1,2]\n"x"\n17\nnull\n{"a":8}\n',
    { kind: 'lines' },
  ],
  ['lines below a list', '[1,2]\n{"a":2}\n{"a":3}\n', { kind: 'lines' }],
  ['an object on one line above one on several', '{"a":1}\n{\n"b":\n[1,\n2\n]\n}\n', { kind: 'documents' }],
  ['lines of which the first is broken', '{"a":1}}\n{"a":2}\n{"a":3}\n', { kind: 'lines' }],
  ['a pretty-printed object', '{\n  "a": 1\n}\n', { kind: 'documents' }],
  ['an array', ' [{"a":1}]', { kind: 'array' }],
  ['CloudTrail', '{"Records":[{"eventTime":"x"}]}', { kind: 'wrapped', key: 'Records' }],
  ['an array beside scalars', '{"count":1,"events":[{"a":1}]}', { kind: 'wrapped', key: 'events' }],
  ['an array that is the only member', '{"anything":[{"a":1}]}', { kind: 'wrapped', key: 'anything' }],
  ['events that hold arrays of objects', '{"timestamp":"2024","data":[{"a":1}]}\n', { kind: 'lines' }],
  [
    'events whose first member is an array',
    '{"tags":[{"a":1}],"time":"2024"}\n{"tags":[],"time":"2024"}\n',
    { kind: 'lines' },
  ],
  ['evtx_dump', 'Record 1\n{\n  "Event": {}\n}\n', { kind: 'documents' }],
  ['text', 'hello {"a":1}', undefined],
  ['a bracket of something else', '[section]\nkey=value\n', undefined],
  ['braces of something else', '{ not json }', undefined],
]

describe('detectJson', () => {
  for (const [name, text, shape] of cases) {
    it(`knows ${name}`, () => {
      expect(detectJson(Buffer.from(text), true)).toEqual(shape)
    })
  }

  it('knows a wrapper that is longer than the sample', () => {
    expect(detectJson(Buffer.from('{"Records":[{"eventTime":"x","y":"'), false)).toEqual({
      kind: 'wrapped',
      key: 'Records',
    })
  })
})
