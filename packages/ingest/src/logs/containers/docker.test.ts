import { expect, it } from 'vitest'
import { readLog } from '../testing/read-log.ts'

const write = (log: string, second: number, stream = 'stdout'): string =>
  `${JSON.stringify({ log, stream, attrs: { tag: 'web' }, time: `2026-03-04T05:06:0${second}.123456789Z` })}\n`

it('puts the parts of a line together, of each stream by itself, and leaves line feeds out of the message', async () => {
  const text = [
    write('one\n', 0),
    write('a'.repeat(16_384), 1),
    write('failed\r\n', 2, 'stderr'),
    write('b'.repeat(16_384), 3),
    write('end\n', 4),
    write('path C:\\n', 5),
  ].join('')
  for (const stretchBytes of [1024, 1024 * 1024]) {
    const { events, account, remarks, mapping } = await readLog(text, { stretchBytes })
    expect(account).toMatchObject({ format: 'log/docker', read: 4, rejected: 0 })
    const whole = `${'a'.repeat(16_384)}${'b'.repeat(16_384)}end`
    expect(events.map(({ message }) => message).toSorted()).toEqual(
      [whole, 'failed', 'one', 'path C:\\n'].toSorted(),
    )
    expect(events.find(({ message }) => message === whole)).toMatchObject({
      datetime: '2026-03-04T05:06:01.123456789+00:00',
      log: `${whole}\n`,
      stream: 'stdout',
      attrs: { tag: 'web' },
    })
    expect(remarks).toEqual([expect.stringMatching(/^1 event breaks off .*line 6/)])
    expect(mapping.profile).toMatchObject({
      aliases: { log_source: 'stream', message_body: 'log' },
      constants: { data_type: 'docker:container:log:entry' },
    })
  }
})

it('rejects what is cut off or has no time', async () => {
  const { rejects, account } = await readLog(
    `${write('one\n', 0)}{"log":"x\\n","stream":"stdout","time":"soon"}\n${write('two\n', 1)}{"log":"cut`,
  )
  expect(account).toMatchObject({ read: 4, rejected: 2 })
  expect(rejects).toMatchObject([
    { line: 2, reason: 'bad-time' },
    { line: 4, reason: 'bad-record' },
  ])
})

it("keeps members that have the names of every event's fields beside these", async () => {
  const entry = {
    log: 'one\n',
    stream: 'stdout',
    time: '2026-03-04T05:06:00Z',
    message: 'two',
    datetime: 'soon',
  }
  const { events, account } = await readLog(`${write('zero\n', 0)}${JSON.stringify(entry)}\n`)
  expect(account).toMatchObject({ read: 2, rejected: 0 })
  expect(events.find(({ message }) => message === 'one')).toMatchObject({
    datetime: '2026-03-04T05:06:00+00:00',
    docker_message: 'two',
    docker_datetime: 'soon',
  })
})
