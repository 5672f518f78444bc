import { Buffer } from 'node:buffer'
import { expect, it } from 'vitest'
import { detectFormat } from './detect-format.ts'

function sample(text: string): Map<string, readonly unknown[]> {
  const detected = detectFormat(Buffer.from(text), true)
  return new Map(detected?.fields.map(({ name, values }) => [name, values]))
}

it('shows values from everywhere in a table, not from its beginning alone', () => {
  const rows = Array.from({ length: 1000 }, (_, row) => `${row},${row < 900 ? '' : `late ${row}`}`)
  const fields = sample(`number,note\n${rows.join('\n')}\n`)
  const numbers = fields.get('number')!.map(Number)
  expect(numbers.length).toBeGreaterThanOrEqual(50)
  expect(numbers.length).toBeLessThanOrEqual(100)
  expect(numbers[0]).toBe(0)
  expect(numbers.at(-1)).toBeGreaterThan(970)
  expect(fields.get('note')!.length).toBeGreaterThanOrEqual(50)
})

it('shows values from everywhere in JSON lines', () => {
  const lines = Array.from({ length: 2000 }, (_, row) =>
    JSON.stringify({ row, ...(row > 1990 ? { late: row } : {}) }),
  )
  const fields = sample(lines.join('\n'))
  expect(fields.get('row')!.at(-1)).toBeGreaterThan(1950)
  expect(fields.get('late')).toHaveLength(9)
})
