import { expect, it } from 'vitest'
import { nameBeforeRotation } from './rotation.ts'

it.each([
  ['pods/a/web/0.log', 'pods/a/web/0.log'],
  ['pods/a/web/0.log.20260301-101500', 'pods/a/web/0.log'],
  ['pods/a/web/0.log.20260301-101500.gz', 'pods/a/web/0.log'],
  ['containers/f1/f1-json.log.1', 'containers/f1/f1-json.log'],
  ['containers/f1/f1-json.log.12.gz', 'containers/f1/f1-json.log'],
  ['pods/a/web/1.log', 'pods/a/web/1.log'],
  ['web.log.old/a.txt', 'web.log.old/a.txt'],
  ['home/ana/.bash_history', 'home/ana/.bash_history'],
])('%s was written as %s', (name, before) => {
  expect(nameBeforeRotation(name)).toBe(before)
})
