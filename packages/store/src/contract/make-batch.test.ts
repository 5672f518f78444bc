import { describe, expect, it } from 'vitest'
import { makeBatch } from './make-batch.ts'

describe('makeBatch', () => {
  it('splits values into one column per field and kind', () => {
    const batch = makeBatch([
      { a: 'x', b: { c: [1, 2.5] } },
      { a: true, b: null },
    ])
    expect(batch.columns.map(({ field, kind, rows }) => [field, kind, [...rows]])).toEqual([
      ['a', 'string', [0]],
      ['b.c', 'integer', [0]],
      ['b.c', 'real', [0]],
      ['a', 'boolean', [1]],
    ])
  })

  it('reads datetime to the nanosecond, else timestamp, else counts seconds', () => {
    const batch = makeBatch([{ datetime: '1970-01-01T00:00:01.123456789Z' }, { timestamp: 5 }, {}])
    expect([...batch.timesUs]).toEqual([1_123_456n, 5n, 1_704_067_202_000_000n])
    expect([...batch.nanos!]).toEqual([789, 0, 0])
  })

  it('keeps text rows as they were written', () => {
    const { source } = makeBatch(['{ "a" :1}', '{"__proto__":2}'])
    expect(new TextDecoder().decode(source.bytes)).toBe('{ "a" :1}{"__proto__":2}')
    expect([...source.offsets]).toEqual([0, 9, 24])
  })
})
