import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { openCase } from '../case.ts'
import type { Check } from '../check.ts'
import { connect } from '../place.ts'

export const MARK_CHECKS: readonly Check[] = [
  {
    name: 'tags are given and taken, more at once than a server takes',
    async run(place) {
      const sketch = await openCase(await connect(place), 1200)
      const events = await sketch.search('*').toArray()
      const report = await sketch.events.tag(events, ['seen', 'twice'])
      deepEqual(report, { given: 1200, changed: 1200, errors: [] })
      equal(await waitForCount(() => sketch.search('tag:seen').count(), 1200), 1200)
      await sketch.events.untag(events, ['seen'])
      equal(await waitForCount(() => sketch.search('tag:seen').count(), 0), 0)
      await sketch.delete()
    },
  },
  {
    name: 'stars are set where there are none, labels added and taken away',
    async run(place) {
      const sketch = await openCase(await connect(place), 10)
      const events = await sketch.search('*').take(3).toArray()
      await sketch.events.star(events.slice(0, 2))
      equal(await waitForCount(() => sketch.search('*').starred().count(), 2), 2)
      // A server turns stars over: those that have one must not lose it.
      deepEqual(await sketch.events.star(events), { given: 3, changed: 1, errors: [] })
      equal(await waitForCount(() => sketch.search('*').starred().count(), 3), 3)
      await sketch.events.unstar(events)
      equal(await waitForCount(() => sketch.search('*').starred().count(), 0), 0)
      await sketch.events.label(events, 'mine')
      equal(await waitForCount(() => sketch.search('*').labelled('mine').count(), 3), 3)
      await sketch.events.unlabel(events, 'mine')
      equal(await waitForCount(() => sketch.search('*').labelled('mine').count(), 0), 0)
      await sketch.delete()
    },
  },
  {
    name: 'comments are written, edited and deleted',
    async run(place) {
      const sketch = await openCase(await connect(place), 10)
      const [event] = await sketch.search('*').take(1).toArray()
      ok(event)
      const comment = await sketch.events.comment(event, 'odd')
      deepEqual([comment.text, comment.author], ['odd', place.user.username])
      await sketch.events.editComment(event, comment.id, 'very odd')
      const detail = await sketch.events.get(event)
      deepEqual(
        detail.comments.map(({ text }) => text),
        ['very odd'],
      )
      equal(await waitForCount(() => sketch.search('*').commented().count(), 1), 1)
      await sketch.events.deleteComment(event, comment.id)
      deepEqual((await sketch.events.get(event)).comments, [])
      await sketch.delete()
    },
  },
  {
    name: 'attributes are added once, and events are made by hand',
    async run(place) {
      const sketch = await openCase(await connect(place), 10)
      const [event] = await sketch.search('*').take(1).toArray()
      ok(event)
      const first = await sketch.events.addAttributes([{ ...event, attributes: { verdict: 'bad' } }])
      deepEqual(first, { given: 1, changed: 1, errors: [] })
      equal(await waitForCount(() => sketch.search('verdict:bad').count(), 1), 1)
      const second = await sketch.events.addAttributes([{ ...event, attributes: { verdict: 'good' } }])
      deepEqual([second.changed, second.errors.length], [0, 1])
      const made = { message: 'by hand', datetime: '2020-08-06T12:48:06.994188Z', timestampDesc: 'Test' }
      const timeline = await sketch.events.create({
        ...made,
        attributes: { a: 'alpha' },
        tags: ['not', 'important'],
      })
      ok(timeline.id > 0)
      equal(await waitForCount(() => sketch.search('a:alpha AND tag:important').count(), 1), 1)
      const taken = sketch.events.create({ ...made, attributes: { message: 'x' } })
      await rejects(taken, /cannot be called message/)
      await sketch.delete()
    },
  },
  {
    name: 'timelines are renamed, labelled and deleted',
    async run(place) {
      const sketch = await openCase(await connect(place), 10)
      const [timeline] = await sketch.timelines.list()
      ok(timeline)
      await sketch.timelines.update(timeline.id, { name: 'renamed', color: 'AABBCC' })
      await sketch.timelines.addLabels(timeline.id, ['one'])
      const changed = await sketch.timelines.get(timeline.id)
      deepEqual(
        [changed.name, changed.color, changed.labels, changed.eventCount],
        ['renamed', 'AABBCC', ['one'], 10],
      )
      ok((await sketch.timelines.fields(timeline.id)).includes('computer'))
      equal((await sketch.timelines.find('renamed'))?.id, timeline.id)
      ok(changed.dataSources.length > 0)
      await sketch.timelines.removeLabels(timeline.id, ['one'])
      await sketch.timelines.delete(timeline.id)
      await rejects(sketch.timelines.get(timeline.id), { code: 'not-found' })
      await sketch.delete()
    },
  },
]

/** A datastore may show what was written a moment later; ours shows it at once. */
async function waitForCount(count: () => Promise<number>, wanted: number): Promise<number> {
  for (let attempt = 0; ; attempt += 1) {
    const found = await count()
    if (found === wanted || attempt === 20) return found
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
