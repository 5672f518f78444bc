import { describe, expect, it } from 'vitest'
import { assertDistinctEventIds, formatEventId, parseEventId } from './event-id.ts'

const INDEX = '7581520ce05a4b58b3e1a01c7804e0ff'

describe('event ids', () => {
  it.each([0, 35, 36, 1_000_000, 0xffff_ffff])('row %i comes back', (seq) => {
    expect(parseEventId(formatEventId(INDEX, seq))).toEqual({ indexPrefix: '7581520c', seq })
  })

  it.each(['', 'x', '7581520c_', '7581520c_01', '7581520C_1', '7581520c_zzzzzzz', 'TIJmAKIBklJK2qu5YWfQ'])(
    '%j is none',
    (id) => {
      expect(parseEventId(id)).toBeUndefined()
    },
  )

  it('refuses an index whose events would share ids with another', () => {
    const twin = `7581520c${'0'.repeat(24)}`
    expect(() => assertDistinctEventIds(twin, [INDEX])).toThrow(/begins with the same 8 digits/)
    expect(() => assertDistinctEventIds(INDEX, [INDEX, '0'.repeat(32)])).not.toThrow()
  })
})
