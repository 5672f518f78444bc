import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dateInterval, exclude, term } from '../../../packages/sdk/src/index.ts'
import { EVENT_COUNT, EVIL_COUNT, openCase } from '../case.ts'
import { type Check, needResource } from '../check.ts'
import { connect } from '../place.ts'

export const SEARCH_CHECKS: readonly Check[] = [
  {
    name: 'any number of events come in the order of time, a page at a time',
    async run(place) {
      let asked = 0
      const client = await connect(place, {
        fetch: async (input, init) => {
          if (String(input).endsWith('/explore/')) asked += 1
          return await place.fetch(input, init)
        },
      })
      const sketch = await openCase(client)
      const search = sketch.search('*').withFields('number').withPageSize(5000)
      let count = 0
      for await (const event of search) {
        equal(event.fields['number'], count)
        count += 1
      }
      equal(count, EVENT_COUNT)
      equal(asked, 3)
      asked = 0
      for await (const _event of search) break
      // The first page, and the next one that was under way.
      ok(asked <= 2, `${asked} pages were asked for`)
      const [last] = await search.newestFirst().take(1).toArray()
      equal(last?.fields['number'], EVENT_COUNT - 1)
      const stop = new AbortController()
      const read = async (): Promise<void> => {
        for await (const _event of search.events({ signal: stop.signal })) stop.abort(new Error('enough'))
      }
      await rejects(read(), /enough/)
      await sketch.delete()
    },
  },
  {
    name: 'queries, chips and DSL find what they should',
    async run(place) {
      const sketch = await openCase(await connect(place))
      const evil = sketch.search('evil')
      equal(await evil.count(), EVIL_COUNT)
      equal(await evil.between('2024-01-01T00:00:00', '2024-01-01T00:01:09').count(), 10)
      equal(await evil.around('2024-01-01T00:00:07', { before: 7, unit: 's' }).count(), 3)
      equal(await sketch.search().where('computer', 'ws-1').count(), EVENT_COUNT / 3)
      equal(
        await sketch
          .search('*')
          .withChip(exclude(term('computer', 'ws-1')))
          .count(),
        (EVENT_COUNT / 3) * 2,
      )
      equal(
        await evil
          .withChip(dateInterval('2030-01-01', { before: 1 }))
          .withoutChip(0)
          .count(),
        EVIL_COUNT,
      )
      const dsl = { query: { term: { number: 5 } } }
      equal((await sketch.search().withDsl(dsl).toArray()).length, 1)
      equal(await sketch.search('computer:*S-2').withWildcards().count(), EVENT_COUNT / 3)
      equal(await evil.inTimelines('computers').count(), EVIL_COUNT)
      const page = await evil.take(5).firstPage()
      deepEqual([page.events.length, page.exactTotal], [5, EVIL_COUNT])
      deepEqual(Object.values(page.countByTimeline), [EVIL_COUNT])
      ok('query' in (await evil.explain()))
      await sketch.delete()
    },
  },
  {
    name: 'a query that cannot be read is refused with what to do',
    async run(place) {
      const sketch = await openCase(await connect(place), 10)
      await rejects(
        sketch
          .search('(')
          .count()
          .then(() => sketch.search('(').toArray()),
        {
          name: 'ApiError',
          status: 400,
          code: 'bad-query',
        },
      )
      await sketch.delete()
    },
  },
  {
    name: 'a search becomes a table with a type for each column, and a table becomes events',
    async run(place) {
      const sketch = await openCase(await connect(place), 100)
      const table = await sketch.search('*').withFields('message', 'number', 'isOdd').table()
      equal(table.numRows, 100)
      const row = table.toArray()[3]
      deepEqual(
        [row?.['message'], row?.['number'], row?.['isOdd'], Number(row?.['datetime']), row?.['timestamp']],
        ['event 3 notepad.exe', 3, true, Date.UTC(2024, 0, 1, 0, 0, 3), Date.UTC(2024, 0, 1, 0, 0, 3) * 1000],
      )
      const copy = await sketch.imports.rows(table, { timeline: 'copy' })
      deepEqual([copy.sent, copy.rejected, copy.indexed], [100, 0, 100])
      equal(await sketch.search('number:3').count(), 2)
      await sketch.delete()
    },
  },
  {
    name: 'a search becomes a file: ZIP, CSV, JSON lines, Parquet',
    async run(place) {
      const sketch = await openCase(await connect(place), 300)
      const search = sketch.search('*').withFields('message', 'number')
      for (const format of ['zip', 'csv', 'jsonl', 'parquet'] as const) {
        const path = join(place.folder, `events.${format}`)
        const { events, bytes } = await search.toFile(path)
        const file = await readFile(path)
        equal(file.length, bytes)
        equal(events, format === 'zip' ? undefined : 300)
        const text = file.toString('latin1')
        if (format === 'zip') match(text, /^PK[\s\S]*query_results\.csv/)
        if (format === 'csv') match(text, /^datetime,message,number,label,_id,_index,other_fields\r\n/)
        if (format === 'jsonl') equal(JSON.parse(text.split('\n')[7] ?? '').number, 7)
        if (format === 'parquet') match(text, /^PAR1[\s\S]*PAR1$/)
      }
      const failing = sketch.search('(').toFile(join(place.folder, 'never.csv'))
      await rejects(failing, { code: 'bad-query' })
      ok(!(await readdir(place.folder)).some((name) => name.includes('never')))
      await rejects(search.toFile('events.xlsx'), /cannot tell the format/)
      await sketch.delete()
    },
  },
  {
    name: 'a search is kept, opened, changed and deleted',
    async run(place) {
      const sketch = await openCase(await connect(place), 100)
      const search = sketch
        .search('evil')
        .withFields('message', 'number')
        .where('computer', 'ws-0')
        .newestFirst()
      const saved = await search.save({ name: 'mine', description: 'why' })
      deepEqual([saved.name, saved.owner], ['mine', place.user.username])
      const opened = await sketch.savedSearches.open(saved.id)
      deepEqual(
        [opened.question.query, opened.question.order, opened.question.chips],
        ['evil', 'desc', search.question.chips],
      )
      deepEqual(
        (await opened.toArray()).map(({ id }) => id),
        (await search.toArray()).map(({ id }) => id),
      )
      equal((await sketch.savedSearches.find('mine'))?.id, saved.id)
      const changed = await sketch.savedSearches.update(saved.id, { name: 'ours' })
      deepEqual([changed.name, changed.question.query], ['ours', 'evil'])
      await sketch.savedSearches.delete(saved.id)
      await rejects(sketch.savedSearches.get(saved.id), { code: 'unexpected-answer' })
      equal((await sketch.savedSearches.list()).length, 0)
      await sketch.delete()
    },
  },
  {
    name: 'the export stream has every event',
    async run(place) {
      const sketch = await openCase(await connect(place), 1000)
      const numbers = new Set<unknown>()
      for await (const { fields } of sketch.exportEvents(sketch.search('*').withFields('number')))
        numbers.add(fields['number'])
      equal(numbers.size, 1000)
      ok((await sketch.count()).events >= 1000)
      await sketch.delete()
    },
  },
  {
    name: 'searches are in the history, and templates are listed',
    async run(place) {
      const client = await connect(place)
      const sketch = await openCase(client, 10)
      await sketch.search('notepad').firstPage()
      equal((await sketch.searchHistory.list())[0]?.question.query, 'notepad')
      ok((await sketch.searchHistory.tree()) !== undefined)
      ok(Array.isArray(await needResource('search templates', () => client.searchTemplates.list())))
      await sketch.delete()
    },
  },
  {
    name: 'aggregations give rows, tables and charts',
    async run(place) {
      const client = await connect(place)
      const sketch = await openCase(client, 300)
      const found = await sketch.aggregations.run('field_bucket', {
        field: 'computer',
        limit: 10,
        supported_charts: 'hbarchart',
        chart_title: 'Computers',
      })
      deepEqual(
        found.rows.map((row) => [row['computer'], row['count']]),
        [
          ['ws-0', 100],
          ['ws-1', 100],
          ['ws-2', 100],
        ],
      )
      equal(found.table().numRows, 3)
      const chart = found.chart()
      equal(chart['title'], 'Computers')
      match(String(chart['$schema']), /vega-lite/)
      const own = found.chart({ type: 'linechart' })
      equal((own['data'] as { values: unknown[] }).values.length, 3)
      const dsl = await sketch.aggregations.runDsl({ aggs: { n: { terms: { field: 'number', size: 2 } } } })
      equal(dsl.rows.length, 2)
      await rejects(sketch.aggregations.run('field_bucket', {}), { name: 'ApiError' })
      equal(
        (await client.aggregators.get('field_bucket')).parameters.some(({ name }) => name === 'field'),
        true,
      )
      await sketch.delete()
    },
  },
]
