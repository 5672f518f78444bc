import { expect, it } from 'vitest'
import { beginStreams, chooseStart } from './stream-start.ts'

const DAY_MS = 86_400_000
const day = (number: number): string => new Date(Date.UTC(2024, 0, number)).toISOString()

it('begins streams that were not read yet, and again those that were begun later', () => {
  const cursors = {
    early: { since: day(1), upTo: day(20) },
    late: { since: day(9), upTo: day(20), readAt: day(20) },
    whole: { upTo: day(20) },
  }
  expect(beginStreams(['early', 'late', 'whole', 'unread'], cursors, day(5))).toEqual({
    late: { since: day(5) },
    unread: { since: day(5) },
  })
})

it('looks back behind what was read, and not before the moment where the stream was begun', () => {
  expect(chooseStart({ upTo: day(20) }, 7 * DAY_MS)).toBe(day(13))
  expect(chooseStart({ upTo: day(20), since: day(18) }, 7 * DAY_MS)).toBe(day(18))
  expect(chooseStart({ since: day(18) }, 7 * DAY_MS)).toBe(day(18))
  expect(chooseStart({}, 0)).toBe('2012-01-01T00:00:00.000Z')
  expect(chooseStart({ upTo: day(1) }, 5000 * DAY_MS)).toBe('2012-01-01T00:00:00.000Z')
})
