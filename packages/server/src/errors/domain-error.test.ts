import { expect, test } from 'vitest'
import { notFound } from './domain-error.ts'

test.each([
  ['sketch', 'sketch-not-found', 'There is no sketch 7.'],
  ['API key', 'api-key-not-found', 'There is no API key 7.'],
  ['graph plugin', 'graph-plugin-not-found', 'There is no graph plugin 7.'],
])('what is not there has a code in kebab case: %s', (what, code, message) => {
  expect(notFound(what, 7)).toMatchObject({ kind: 'not-found', code, message, details: { what, id: 7 } })
})
