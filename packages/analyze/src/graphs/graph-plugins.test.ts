import { expect, test } from 'vitest'
import { openTestStore } from '../testing/open-test-store.ts'
import { readThrough } from '../testing/read-through.ts'
import { MAX_EVENTS_PER_EDGE } from './graph.ts'
import { GRAPH_PLUGINS } from './graph-plugins.ts'

/** Draws these events, read through a store. */
async function draw(name: string, rows: readonly object[]) {
  await using events = await openTestStore(rows)
  const { nodes, edges } = await GRAPH_PLUGINS.find((plugin) => plugin.name === name)!.draw(
    readThrough(events),
  )
  const labels = new Map(nodes.map((node) => [node.data.id, node.data.label]))
  return {
    nodes,
    edges,
    lines: edges.map(
      ({ data }) => `${labels.get(data.source)} -[${data.label}]-> ${labels.get(data.target)}`,
    ),
  }
}

test('log-ins lead from users to computers; those alike are one edge that counts them', async () => {
  const row = { tag: ['logon-event'], computer_name: 'pc', username: 'eve', logon_type: 'Network' }
  const { lines, nodes, edges } = await draw('winlogins', [
    row,
    row,
    { ...row, logon_type: 'Interactive' },
    { ...row, tag: ['logoff-event'] },
  ])
  expect(lines).toEqual(['eve -[Network (2)]-> pc', 'eve -[Interactive (1)]-> pc'])
  expect(edges.map(({ data }) => data.key)).toEqual([0, 1])
  expect(Object.values(edges[0]!.data.events)[0]).toHaveLength(2)
  // The MD5 of "pc".
  expect(nodes[0]!.data).toEqual({
    type: 'computer',
    id: 'bc54f4d60f1cec0f9a6cb70e13f2127a',
    label: 'pc',
    value: 'bc54f4d60f1cec0f9a6cb70e13f2127a',
    name: 'bc54f4d60f1cec0f9a6cb70e13f2127a',
  })
})

test('services stand between who installed them and where; events that say too little are left out', async () => {
  const { lines, nodes } = await draw('winservice', [
    { event_identifier: 7045, computer_name: 'pc', strings: ['evil', 'c:\\evil.exe', 'user mode', 'auto'] },
    { event_identifier: 7045, strings: ['short'] },
    { event_identifier: 7036, strings: ['a', 'b', 'c', 'd'] },
  ])
  expect(lines).toEqual(['UNKNOWN -[auto (1)]-> evil', 'evil -[user mode (1)]-> pc'])
  expect(nodes.find(({ data }) => data.label === 'evil')!.data).toMatchObject({
    type: 'winservice',
    image_path: 'c:\\evil.exe',
  })
})

test('downloads lead to files, and to where programs of that name were executed', async () => {
  const { lines } = await draw('chromedownloads', [
    {
      data_type: 'chrome:history:file_downloaded',
      hostname: 'pc',
      full_path: 'C:\\Users\\eve\\evil.exe',
      received_bytes: 42,
    },
    {
      data_type: 'chrome:history:file_downloaded',
      hostname: 'pc',
      domain: 'a.example',
      url: 'http://a.example/',
    },
    { data_type: 'windows:prefetch:execution', hostname: 'srv', executable: 'EVIL.EXE' },
    { data_type: 'windows:prefetch:execution', hostname: 'srv', executable: 'OTHER.EXE' },
  ])
  expect(lines).toEqual([
    'pc -[Downloaded 42 bytes (1)]-> evil.exe',
    'pc -[Downloaded  bytes (1)]-> UNKNOWN file download from a.example',
    'srv -[Executed (1)]-> EVIL.EXE',
  ])
})

test('an edge counts all its events and names the first ones', async () => {
  const row = { tag: 'logon-event', computer_name: 'pc', username: 'eve', logon_type: 'Network' }
  const { edges } = await draw(
    'winlogins',
    Array.from({ length: MAX_EVENTS_PER_EDGE + 1 }, () => row),
  )
  expect(edges[0]!.data.label).toBe(`Network (${MAX_EVENTS_PER_EDGE + 1})`)
  expect(Object.values(edges[0]!.data.events)[0]).toHaveLength(MAX_EVENTS_PER_EDGE)
})
