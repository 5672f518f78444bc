import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { type ImportCheckpoint, isImportError } from '../../../packages/sdk/src/index.ts'
import { makeEvents } from '../case.ts'
import type { Check } from '../check.ts'
import { connect } from '../place.ts'

const CSV = `datetime,message,timestamp_desc,user,code
2024-01-01T00:00:00,"first, with a comma",Logged,alice,1
never,second,Logged,bob,2
2024-01-01T00:00:02,third,Logged
2024-01-01T00:00:03,"fourth
in two lines",Logged,dora,4
`

export const IMPORT_CHECKS: readonly Check[] = [
  {
    name: 'rows are sent in chunks, and the account has every one of them',
    async run(place) {
      const client = await connect(place)
      const sketch = await client.sketches.create({ name: 'rows' })
      const seen: number[] = []
      const account = await sketch.imports.rows(makeEvents(250), {
        timeline: 'one',
        chunkRows: 100,
        onProgress: ({ done }) => seen.push(done),
      })
      deepEqual(
        [account.read, account.sent, account.rejected, account.chunks, account.indexed, account.status],
        [250, 250, 0, 3, 250, 'ready'],
      )
      deepEqual(seen, [100, 200, 250])
      equal(await sketch.search('*').count(), 250)
      const again = await sketch.imports.rows(makeEvents(10), { timeline: 'one' })
      deepEqual([again.timelineId, again.indexed], [account.timelineId, 10])
      await sketch.delete()
    },
  },
  {
    name: 'CSV and JSON lines tell the rows that cannot be events by their lines',
    async run(place) {
      const client = await connect(place)
      const sketch = await client.sketches.create({ name: 'text' })
      const csv = await sketch.imports.csv([CSV], { timeline: 'csv', numericColumns: ['code'] })
      deepEqual(
        [csv.read, csv.sent, csv.rejects],
        [
          4,
          2,
          [
            { line: 3, reason: 'no time: datetime is "never"' },
            { line: 4, reason: 'expected 5 cells, found 3' },
          ],
        ],
      )
      const [fourth] = await sketch.search('user:dora').withFields('*').toArray()
      deepEqual([fourth?.fields['message'], fourth?.fields['code']], ['fourth\nin two lines', 4])
      const lines = new Blob(['{"time":1704067200,"who":"eve"}\n{broken\n'])
      const jsonl = await sketch.imports.jsonl(lines, { timeline: 'jsonl', message: '{who} was here' })
      deepEqual([jsonl.sent, jsonl.rejected, jsonl.rejects[0]?.line], [1, 1, 2])
      equal(await sketch.search('message:"eve was here"').count(), 1)
      await sketch.delete()
    },
  },
  {
    name: 'an import that stopped goes on where it was, and nothing is there twice',
    async run(place) {
      let uploads = 0
      const client = await connect(place, {
        fetch: async (input, init) => {
          if (String(input).endsWith('/upload/') && ++uploads === 2)
            return Response.json({ message: 'not now' }, { status: 413 })
          return await place.fetch(input, init)
        },
      })
      const sketch = await client.sketches.create({ name: 'resume' })
      const options = { timeline: 'one', chunkRows: 100 }
      const checkpoint = await sketch.imports.rows(makeEvents(250), options).then(
        () => undefined,
        (error: unknown) => (isImportError(error) ? error : undefined),
      )
      deepEqual([checkpoint?.uncertainRows, uploads], [0, 2])
      const kept: ImportCheckpoint = JSON.parse(JSON.stringify(checkpoint?.checkpoint))
      equal(kept.rows, 100)
      const rest = await sketch.imports.rows(makeEvents(250), { ...options, resume: kept })
      deepEqual([rest.resumed, rest.sent, rest.read], [100, 150, 250])
      equal(await sketch.search('*').count(), 250)
      await sketch.delete()
    },
  },
  {
    name: 'a chunk of which nobody knows whether it arrived is not sent again',
    async run(place) {
      let uploads = 0
      const client = await connect(place, {
        fetch: async (input, init) => {
          if (!String(input).endsWith('/upload/')) return await place.fetch(input, init)
          uploads += 1
          throw new TypeError('fetch failed', { cause: new Error('the connection broke') })
        },
      })
      const sketch = await client.sketches.create({ name: 'doubt' })
      await rejects(sketch.imports.rows(makeEvents(3), { timeline: 'one' }), (error: unknown) => {
        ok(isImportError(error))
        equal(error.uncertainRows, 3)
        return true
      })
      equal(uploads, 1)
      await sketch.delete()
    },
  },
  {
    name: 'a file is sent whole in chunks, those before the last again when the connection breaks',
    async run(place) {
      let uploads = 0
      const client = await connect(place, {
        fetch: async (input, init) => {
          if (String(input).endsWith('/upload/') && ++uploads === 2) throw new TypeError('fetch failed')
          return await place.fetch(input, init)
        },
      })
      const sketch = await client.sketches.create({ name: 'file' })
      const lines = [...makeEvents(500)].map((event) => JSON.stringify(event)).join('\n')
      const seen: number[] = []
      const file = new Blob([`${lines}\n`])
      const timeline = await sketch.imports.file(file, {
        fileName: 'events.jsonl',
        chunkBytes: Math.ceil(file.size / 3),
        onProgress: ({ done }) => seen.push(done),
      })
      deepEqual([timeline.name, timeline.status, timeline.eventCount], ['events', 'ready', 500])
      equal(uploads, 4)
      equal(seen.at(-1), file.size)
      await sketch.delete()
    },
  },
]
