import { expect, test } from 'vitest'
import { connectTo, makeFakeServer } from '../testing/fake-server.ts'

test('a file whose ending says no format is refused before anything is asked', async () => {
  const server = makeFakeServer({})
  const client = await connectTo(server)
  await expect(client.sketch(1).search('a').toFile('events.xlsx')).rejects.toMatchObject({
    name: 'FileError',
    code: 'file-failed',
    path: 'events.xlsx',
    message: 'cannot tell the format of events.xlsx: expected .zip, .csv, .jsonl, .parquet, or a format',
    advice: 'Give the path one of these endings, or say the format.',
  })
  expect(server.seen).toEqual([])
})
