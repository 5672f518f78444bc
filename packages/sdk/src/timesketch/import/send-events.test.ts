import { expect, test } from 'vitest'
import { isImportError } from '../../errors/import-error.ts'
import { connectTo, envelope, type FakeServer, makeFakeServer } from '../testing/fake-server.ts'
import type { ImportCheckpoint } from './import-account.ts'
import type { ImportRow } from './to-event.ts'

/** A server that takes events, and the messages of those it has taken. */
function makeServer(): FakeServer & { messages(): Promise<readonly string[]> } {
  const timeline = { id: 7, name: 't', searchindex: { id: 3, index_name: 'abc' }, status: [] }
  const server = makeFakeServer({ 'POST /api/v1/upload/': () => envelope(timeline, { task_id: 'x' }) })
  return {
    ...server,
    async messages() {
      const forms = server.seen.map(({ headers, body }) => new Response(body, { headers }).formData())
      const events = (await Promise.all(forms)).map((form) => String(form.get('events')))
      return events.flatMap((text) => text.split('\n').map((line) => JSON.parse(line).message))
    },
  }
}

/** Rows numbered from 1, with an error in the place of one of them. */
async function* makeRows(count: number, failsAt?: number): AsyncGenerator<ImportRow> {
  for (let number = 1; number <= count; number += 1) {
    if (number === failsAt) throw new Error('the disk is gone')
    yield { datetime: number === 2 ? 'never' : '2024-03-01', message: `m${number}` }
  }
}

test('a source that fails amid its rows leaves a checkpoint, and nothing is stored twice', async () => {
  const server = makeServer()
  const client = await connectTo(server)
  const options = { timeline: 't', wait: false, chunkRows: 3 } as const
  const error: unknown = await client
    .sketch(1)
    .imports.rows(makeRows(10, 9), options)
    .catch((thrown: unknown) => thrown)
  if (!isImportError(error)) throw error
  expect(error).toMatchObject({
    code: 'import-stopped',
    uncertainRows: 0,
    cause: { message: 'the disk is gone' },
    checkpoint: { rows: 7, timelineId: 7, indexName: 'abc' },
    account: { read: 7, sent: 6, rejected: 1, chunks: 2, rejects: [{ line: 2 }] },
  })
  expect(error.message).toContain('after 7 rows; the next ones were not stored (the disk is gone)')
  const resume = error.checkpoint as ImportCheckpoint
  const account = await client.sketch(1).imports.rows(makeRows(10), { ...options, resume })
  expect(account).toMatchObject({ read: 10, resumed: 7, sent: 3, rejected: 0 })
  expect(await server.messages()).toEqual(['m1', 'm3', 'm4', 'm5', 'm6', 'm7', 'm8', 'm9', 'm10'])
})

test('a source that fails before its first row fails as it does', async () => {
  const client = await connectTo(makeServer())
  const rows = client.sketch(1).imports.rows(makeRows(3, 1), { timeline: 't', wait: false })
  await expect(rows).rejects.toThrow(/^the disk is gone$/)
})

test.each([
  ['{message:q}', '"q" is no format'],
  ['{who} {message}', 'names who, which the first row has not; it has: datetime, message'],
])('a message format of which no row can make a message is refused first: %s', async (message, told) => {
  const server = makeServer()
  const client = await connectTo(server)
  const rows = client.sketch(1).imports.rows(makeRows(3), { timeline: 't', wait: false, message })
  await expect(rows).rejects.toThrow(RangeError)
  await expect(
    client.sketch(1).imports.rows(makeRows(3), { timeline: 't', wait: false, message }),
  ).rejects.toThrow(told)
  expect(server.seen).toEqual([])
})

test('an empty cell is nothing in a message, a field that a later row has not rejects it', async () => {
  const server = makeServer()
  const client = await connectTo(server)
  const options = { timeline: 't', wait: false, message: '{who}-{code:d}' } as const
  await client.sketch(1).imports.csv('datetime,who,code\n2024-03-01,,5\n2024-03-01,ann,\n', options)
  const lines = '{"datetime":"2024-03-01","who":"a","code":1}\n{"datetime":"2024-03-01","who":"b"}\n'
  const account = await client.sketch(1).imports.jsonl(lines, options)
  expect(account.rejects).toEqual([{ line: 2, reason: 'no message: there is no code' }])
  expect(await server.messages()).toEqual(['-5', 'ann-', 'a-1'])
})
