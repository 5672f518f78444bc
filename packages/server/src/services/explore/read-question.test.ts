import { describe, expect, test } from 'vitest'
import { readQuestion } from './read-question.ts'

describe('the times of a typed question', () => {
  test.each(['yesterday', '2026-13-45', 'now-1q', '2026-03-10T25:00', '10.03.2026', ''])(
    'are refused where they are none: %j',
    (date) => {
      expect(() => readQuestion({ query: '*', from: date })).toThrow(/expected for "from"/)
      expect(() => readQuestion({ query: '*', to: date })).toThrow(/expected for "to"/)
    },
  )

  test.each([
    '2026',
    '2026-03-10',
    '2026-03-10 10:00',
    '2026-03-10T10:00:00+02:00',
    'now-7d',
    '1714557600000',
  ])('may be written in many ways: %s', (date) => {
    expect(readQuestion({ query: '', from: date })).toMatchObject({ of: [{ kind: 'all' }, { gte: date }] })
  })

  test('are refused where the last comes before the first; a day lasts to its end', () => {
    expect(() => readQuestion({ query: '*', from: '2026-03-20', to: '2026-03-10' })).toThrow(/comes after/)
    expect(() => readQuestion({ query: '*', from: '2026-03-20T12:00', to: '2026-03-20' })).not.toThrow()
  })
})
