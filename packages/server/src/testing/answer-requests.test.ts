import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { expect, test } from 'vitest'
import { answerRequests } from './answer-requests.ts'

test('an asker who hangs up amid a request is no error of the test', async () => {
  const begun = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<unknown>()
  const server = createServer(
    answerRequests(async (request) => {
      try {
        for await (const _ of request) begun.resolve()
      } catch (error) {
        ended.resolve(error)
        throw error
      }
    }),
  ).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const asker = connect((server.address() as AddressInfo).port, '127.0.0.1')
  asker.write('POST / HTTP/1.1\r\nhost: here\r\ncontent-length: 10\r\n\r\nhalf')
  await begun.promise
  asker.destroy()
  expect(await ended.promise).toMatchObject({ code: 'ECONNRESET' })
  server.close()
})
