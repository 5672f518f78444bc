import { expect, test } from 'vitest'
import { fillDocument, readDocument, readMembers } from '../conformance/sdk/members/make-table.ts'
import { OURS } from '../conformance/sdk/members/ours.ts'
import * as sdk from '../packages/sdk/src/index.ts'
import * as node from '../packages/sdk/src/node/index.ts'

// Every public member of the pinned release of Timesketch's Python packages has its place in this client, and what the table names
// is there.

const { modules } = readMembers()

test('every member of the Python packages is in the table, and nothing else is', () => {
  const theirs = Object.entries(modules).flatMap(([module, names]) =>
    names.map((name) => `${module}.${name}`),
  )
  const ours = Object.entries(OURS).flatMap(([module, names]) =>
    Object.keys(names).map((name) => `${module}.${name}`),
  )
  expect(theirs.length).toBeGreaterThan(400)
  expect(ours.sort()).toEqual(theirs.sort())
})

test('what the table names is there', async () => {
  const fetch = async (input: unknown): Promise<Response> =>
    String(input).includes('/aggregation/explore/')
      ? Response.json({ meta: {}, objects: [] })
      : new Response('', { status: 200 })
  const timesketch = await sdk.Timesketch.connect({
    url: 'http://x.test',
    auth: { kind: 'api-key', key: 'k' },
    fetch,
  })
  const sketch = timesketch.sketch(1)
  const result = await sketch.aggregations.run('x', {})
  const roots: Record<string, unknown> = {
    ...sdk,
    ...node,
    timesketch,
    sketch,
    search: sketch.search(),
    result,
    crypto,
  }
  const unknown: string[] = []
  let checked = 0
  for (const text of Object.values(OURS).flatMap((names) => Object.values(names)))
    for (const [, name = ''] of text.matchAll(/`([^`]+)`/g)) {
      const [root = '', ...rest] = name.split('.')
      if (!(root in roots)) continue
      checked += 1
      let at: unknown = roots[root]
      for (const part of rest) at = (at as Record<string, unknown> | undefined)?.[part]
      if (at === undefined) unknown.push(name)
    }
  expect(unknown).toEqual([])
  expect(checked).toBeGreaterThan(400)
})

test('every place of the table names something that the test looked up, or says why there is none', () => {
  const types = ['StoredCredentials', 'Chip', 'StoryBlock']
  const rootNames = [
    ...Object.keys(sdk),
    ...Object.keys(node),
    ...types,
    'timesketch',
    'sketch',
    'search',
    'result',
  ]
  const roots = new Set(rootNames)
  const idle = Object.values(OURS)
    .flatMap((names) => Object.values(names))
    .filter((text) => !text.startsWith('- '))
    .filter((text) => ![...text.matchAll(/`([^`.]+)[^`]*`/g)].some(([, root = '']) => roots.has(root)))
  expect(idle).toEqual([])
})

test('the document has the table as it is made', () => {
  expect(fillDocument(readDocument())).toBe(readDocument())
})
