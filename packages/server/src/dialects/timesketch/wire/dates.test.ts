import { expect, test } from 'vitest'
import { httpDate, modelDate, spacedDate } from './dates.ts'

const AT = Date.UTC(2026, 10, 21, 23, 17, 18, 760)

test('model dates are naive, with six digits unless they are zero', () => {
  expect(modelDate(AT)).toBe('2026-11-21T23:17:18.760000')
  expect(modelDate(AT - 760)).toBe('2026-11-21T23:17:18')
  expect(spacedDate(AT)).toBe('2026-11-21 23:17:18.760000')
})

test('HTTP dates have whole seconds', () => {
  expect(httpDate(AT)).toBe('Sat, 21 Nov 2026 23:17:18 GMT')
})
