import { expect, test } from 'vitest'
import { dissectUrl, MAX_URL_PARTS } from './dissect-url.ts'

/** Every part but the URL itself, below what it is a part of. */
function parts(url: string): string[] {
  const { nodes, edges } = dissectUrl(url)
  const labels = new Map(nodes.map((node) => [node.id, node.label]))
  return edges.map((edge) => `${edge.from === 1 ? '' : `${labels.get(edge.from)} > `}${labels.get(edge.to)}`)
}

test('a URL is taken apart into scheme, host, path and query', () => {
  expect(parts('https://www.example.com/search?q=abc&time=1700000000')).toEqual([
    'Scheme: https',
    'www.example.com',
    'www.example.com > com',
    'www.example.com > example',
    'www.example.com > www',
    '/search',
    'q=abc&time=1700000000',
    'q=abc&time=1700000000 > q: abc',
    'q=abc&time=1700000000 > time: 1700000000',
    'time: 1700000000 > 2023-11-14T22:13:20.000Z',
  ])
})

test('users, passwords, ports and fragments are parts', () => {
  expect(parts('ftp://eve:s%20t@[::1]:2121/#top')).toEqual([
    'Scheme: ftp',
    'User: eve:s%20t',
    'User: eve:s%20t > Name: eve',
    'User: eve:s%20t > Password: s t',
    '[::1]',
    'Port: 2121',
    '#top',
  ])
})

test.each([
  ['u=https%3A%2F%2Fa.example%2Fx', 'u: https://a.example/x > https://a.example/x'],
  ['t=1700000000000', 't: 1700000000000 > 2023-11-14T22:13:20.000Z'],
  ['t=13344473600000000', 't: 13344473600000000 > 2023-11-14T22:13:20.000Z'],
  ['t=133444736000000000', 't: 133444736000000000 > 2023-11-14T22:13:20.000Z'],
  ['b=aGVsbG8gd29ybGQ=', 'b: aGVsbG8gd29ybGQ= > hello world'],
  [
    'i=018bcfe5-6800-7000-8000-000000000000',
    'i: 018bcfe5-6800-7000-8000-000000000000 > 2023-11-14T22:13:20.000Z',
  ],
  ['i=2c1d43b8-e6d7-11e9-81b4-2a2ae2dbcce4', 'i: 2c1d43b8-e6d7-11e9-81b4-2a2ae2dbcce4 > UUID version 1'],
])('a value says what it holds: %s', (query, expected) => {
  expect(parts(`https://a.example/?${query}`)).toContain(expected)
})

test('a URL in a URL in a URL ends', () => {
  const nested = Array.from({ length: 20 }).reduce<string>(
    (url) => `https://a.example/?u=${encodeURIComponent(url)}`,
    'https://b.example/',
  )
  expect(dissectUrl(nested).nodes.length).toBeLessThan(60)
})

test('what is left out of a long one is told', () => {
  const { nodes } = dissectUrl(`https://a.example/?${'x=1&'.repeat(10_000)}`)
  expect(nodes).toHaveLength(MAX_URL_PARTS + 1)
  expect(nodes.at(-1)!.label).toContain('more than')
})

test.each(['', 'no url', '%%%', 'javascript:alert(1)', 'https://%E0%A4%A/?%=%'])(
  '%j harms nothing',
  (text) => {
    expect(dissectUrl(text).nodes[0]).toEqual({ id: 1, label: text, title: undefined })
  },
)
