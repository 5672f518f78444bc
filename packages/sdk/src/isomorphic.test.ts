import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, test } from 'vitest'

test('nothing outside of node/ needs Node: neither its modules nor its globals', () => {
  const files = readdirSync(import.meta.dirname, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
    .map((entry) => relative(import.meta.dirname, join(entry.parentPath, entry.name)))
    .filter((path) => !path.startsWith('node/'))
  expect(files.length).toBeGreaterThan(50)
  const bound = files.filter((path) =>
    /from 'node:|from '\.\.?\/(?:\.\.\/)*node\/|\bprocess\.[a-z]|\bBuffer\b|\brequire\(|\b__dirname\b/.test(
      readFileSync(join(import.meta.dirname, path), 'utf8'),
    ),
  )
  expect(bound).toEqual([])
})
