import { expect, test } from 'vitest'
import { MAX_BATCH_ROWS } from '../batch/limits.ts'
import { STRETCH_BYTES } from '../pipeline/split-stretches.ts'
import { sizeStretches } from './plan-log.ts'

const sample = (lineBytes: number) => ({ lines: Array(200).fill('x'.repeat(lineBytes - 1)), directives: [] })

test('a stretch of a log has the lines of a batch and a few more, so that a full batch is cut off', () => {
  const lines = sizeStretches(sample(105)) / 105
  expect(lines).toBeGreaterThan(MAX_BATCH_ROWS)
  expect(lines).toBeLessThan(MAX_BATCH_ROWS * 1.2)
})

test('a stretch of long lines is no larger than those of other texts, one of the shortest worth another thread', () => {
  expect(sizeStretches(sample(2000))).toBe(STRETCH_BYTES)
  expect(sizeStretches(sample(2))).toBe(2 * 1024 * 1024)
})
