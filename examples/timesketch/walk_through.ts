/**
 * A walk through Timesketch with the TypeScript client.
 *
 *   node examples/timesketch/walk_through.ts http://127.0.0.1:5000 USER PASSWORD
 *
 * walk_through.py is the same walk with the official Python client and prints the same lines.
 */
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { type Search, textBlock } from '@timeskein/sdk'
import { connect } from '@timeskein/sdk/node'
import * as arrow from '@uwdata/flechette'

const [url = '', username = '', password = ''] = process.argv.slice(2)
const DOMAINS = ['evil.example', 'good.example', 'other.example']

function* events(): Generator<Record<string, unknown>> {
  for (let number = 0; number < 60; number += 1)
    yield {
      datetime: `2013-09-20T22:${String(number).padStart(2, '0')}:47+00:00`,
      timestamp_desc: 'Page Visited',
      message: `visit ${number} of ${DOMAINS[number % 3]}`,
      data_type: 'chrome:history:page_visited',
      domain: DOMAINS[number % 3],
      source_short: 'WEBHIST',
    }
}

/** A datastore may show what was written a moment later. */
async function settle(search: Search, wanted: number): Promise<number> {
  for (let attempt = 0; attempt < 30; attempt += 1) {
    if ((await search.count()) === wanted) break
    await setTimeout(1000)
  }
  return await search.count()
}

const print = (...words: readonly unknown[]): void => {
  process.stdout.write(`${words.join(' ')}\n`)
}
const quote = (texts: readonly string[]): string => `[${texts.map((text) => `'${text}'`).join(', ')}]`

await using timesketch = await connect({ url, auth: { kind: 'password', username, password }, arrow })
print('signed in as', (await timesketch.users.me()).username)

const sketch = await timesketch.sketches.create({
  name: 'Walk-through',
  description: 'from the documentation',
})
const { name, description } = await sketch.get()
print('sketch:', name, '-', description)
let isListed = false
for await (const { id } of timesketch.sketches.list()) if (id === sketch.id) isListed = true
print('listed:', isListed ? 'True' : 'False')

await sketch.imports.rows(events(), { timeline: 'browser' })
print('events:', await sketch.search('*').count())
print('timelines:', quote((await sketch.timelines.list()).map((timeline) => timeline.name)))
print('acl:', quote([...(await sketch.get()).myPermissions].sort()))
await sketch.addLabels(['example'])
print('labels:', quote((await sketch.get()).labels))

print('word:', await sketch.search('evil.example').count())
print('field:', await sketch.search('domain:good.example').count())
const all = sketch.search('*')
print('range:', await all.between('2013-09-20T22:20:47', '2013-09-20T22:59:47').count())
print('interval:', await all.around('2013-09-20T22:39:47', { before: 10, after: 10, unit: 'm' }).count())
print('term:', await all.where('domain', 'other.example').count())

const search = sketch.search('domain:evil.example').withFields('datetime', 'message', 'domain')
const rows = (await search.table()).toArray()
print('first:', rows.at(0)?.['message'])
print('last:', rows.at(-1)?.['message'])

const folder = await mkdtemp(join(tmpdir(), 'walk-through-'))
try {
  const path = join(folder, 'results.zip')
  await search.toFile(path)
  await using file = await open(path)
  const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0)
  print('file:', buffer.toString())
} finally {
  await rm(folder, { recursive: true })
}

await search.save({ name: 'My First Saved Search', description: 'This saves all my work' })
const saved = await sketch.savedSearches.find('My First Saved Search')
if (!saved) throw new Error('the saved search is not there')
const opened = await sketch.savedSearches.open(saved.id)
print('saved:', saved.name, '-', saved.question.query, '-', (await opened.toArray()).length)

const aggregation = await sketch.aggregations.run('field_bucket', {
  field: 'domain',
  limit: 10,
  supported_charts: 'hbarchart',
})
for (const { domain, count } of aggregation.rows.toSorted((a, b) =>
  String(a['domain']) < String(b['domain']) ? -1 : 1,
))
  print('bucket:', domain, count)

const hits = await search.toArray()
print('hits:', hits.length)
print('tagged:', (await sketch.events.tag(hits, ['foobartag'])).changed)
print('by tag:', await settle(sketch.search('tag:foobartag'), 20))
await sketch.events.untag(hits.slice(0, 5), ['foobartag'])
print('after untagging:', await settle(sketch.search('tag:foobartag'), 15))

const [first] = hits
if (!first) throw new Error('nothing was found')
await sketch.events.star(hits.slice(0, 2))
await sketch.events.comment(first, 'look at this')
print('starred:', await settle(all.starred(), 2))
print('commented:', await settle(all.commented(), 1))
print('comment:', (await sketch.events.get(first)).comments[0]?.text)

await sketch.events.addAttributes([{ ...first, attributes: { verdict: 'bad' } }])
print('by attribute:', await settle(sketch.search('verdict:bad'), 1))

await sketch.events.create({
  message: 'foobar',
  datetime: '2020-08-06T12:48:06.994188Z',
  timestampDesc: 'Test_description',
  attributes: { a: 'alpha', o: 'omega' },
  tags: ['not', 'important'],
})
print('by hand:', await settle(sketch.search('a:alpha AND tag:important'), 1))

await sketch.attributes.set({ name: 'ticket', values: ['CASE-1'] })
print('attribute:', (await sketch.attributes.list()).find((one) => one.name === 'ticket')?.values[0])

const story = await sketch.stories.create({ title: 'What happened' })
const told = await sketch.stories.addBlock(story.id, textBlock('# The visit'))
print('story:', told.title, '-', told.blocks.length, 'block')

await sketch.delete()
print('deleted')
