import { expect, it } from 'vitest'
import { readLog } from '../testing/read-log.ts'

it('takes the first of several addresses for the client, and keeps all', async () => {
  const rest = '[01/Mar/2024:10:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "curl"'
  const lines = [
    `192.0.2.1, 198.51.100.2 - - ${rest}`,
    `192.0.2.1,198.51.100.2, 203.0.113.3 - ana ${rest}`,
    `192.0.2.9 - ana ${rest}`,
  ]
  const { events, account } = await readLog(`${lines.join('\n')}\n`)
  expect(account).toMatchObject({ format: 'log/web-access', read: 3, rejected: 0 })
  expect(events.map((one) => [one['ip_address'], one['x_forwarded_for'], one['username']])).toEqual([
    ['192.0.2.1', ['192.0.2.1', '198.51.100.2'], undefined],
    ['192.0.2.1', ['192.0.2.1', '198.51.100.2', '203.0.113.3'], 'ana'],
    ['192.0.2.9', undefined, 'ana'],
  ])
})
