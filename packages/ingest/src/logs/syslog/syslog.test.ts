import { expect, it } from 'vitest'
import { readLog } from '../testing/read-log.ts'

/** 2026-03-15. */
const CHANGED_US = Date.UTC(2026, 2, 15) * 1000

it('names what a line says as Plaso does', async () => {
  const { events } = await readLog('Mar  1 10:00:00 web1 systemd[1]: Started cron.\n', {
    changedUs: CHANGED_US,
  })
  expect(events).toEqual([
    {
      datetime: '2026-03-01T10:00:00+00:00',
      hostname: 'web1',
      reporter: 'systemd',
      pid: 1,
      message_body: 'Started cron.',
      message: '[systemd, pid: 1] Started cron.',
    },
  ])
})

it('reads RFC 5424 with its structured data, and rsyslog lines with a full time, beside others', async () => {
  const { events, account } = await readLog(
    [
      String.raw`<165>1 2026-02-11T22:14:15.003Z host.example app 99 ID47 [a@1 x="1" y="q\"\]"][b@2] text`,
      '2026-02-12T01:02:03.456789+01:00 web1 sshd[7]: Connection from 192.0.2.1 port 4711',
      '<34>Feb 13 22:14:15 web1 su: failed',
    ].join('\n'),
    { changedUs: CHANGED_US },
  )
  expect(account).toMatchObject({ read: 3, rejected: 0, format: 'log/syslog' })
  expect(events[0]).toMatchObject({
    datetime: '2026-02-11T22:14:15.003+00:00',
    facility: 'local use 4',
    severity: 'NOTICE',
    message_identifier: 'ID47',
    structured_data: { 'a@1': { x: '1', y: 'q"]' }, 'b@2': {} },
    message_body: 'text',
  })
  expect(events[1]).toMatchObject({
    datetime: '2026-02-12T00:02:03.456789+00:00',
    data_type: 'syslog:ssh:opened_connection',
    ip_address: '192.0.2.1',
    port: '4711',
  })
  expect(events[2]).toMatchObject({ severity: 'CRIT', reporter: 'su' })
})

it.each([
  ['Accepted publickey for bob from 2001:db8::1 port 22 ssh2: RSA SHA256:x', 'syslog:ssh:login', 'bob'],
  [
    'Failed password for invalid user admin from 192.0.2.1 port 22 ssh2',
    'syslog:ssh:failed_connection',
    'admin',
  ],
])('knows logins of sshd: %s', async (body, dataType, username) => {
  const { events } = await readLog(`Mar  1 10:00:00 h sshd[5]: ${body}\n`)
  expect(events[0]).toMatchObject({ data_type: dataType, username, message_body: body })
})

it('gives each line its year by the time of change and the turns of the year before it', async () => {
  const lines = ['Nov 30', 'Dec 31', 'Jan  1', 'Dec 31', 'Jan  2', 'Jun 15', 'Jan 20', 'Mar 14']
  const text = lines.map((date) => `${date} 12:00:00 h p: x`).join('\n')
  const { events, remarks } = await readLog(text, { changedUs: CHANGED_US })
  expect(events.map(({ datetime }) => String(datetime).slice(0, 10))).toEqual([
    '2024-11-30',
    '2024-12-31',
    '2025-01-01',
    '2024-12-31',
    '2025-01-02',
    '2025-06-15',
    '2026-01-20',
    '2026-03-14',
  ])
  expect(remarks[0]).toContain('from 2024 to 2026')
})

it('begins with the year that was asked for', async () => {
  const { events } = await readLog('Dec 31 23:00:00 h p: x\nJan  1 00:00:00 h p: y\n', { year: 2011 })
  expect(events.map(({ datetime }) => datetime)).toEqual([
    '2011-12-31T23:00:00+00:00',
    '2012-01-01T00:00:00+00:00',
  ])
})

it('gives the same events however small the stretches are', async () => {
  const lines: string[] = []
  for (let i = 0; i < 900; i++) {
    const date = new Date(Date.UTC(2023, 10, 1) + i * 86_400_000)
    const month = date.toLocaleString('en-US', { month: 'short', timeZone: 'UTC' })
    lines.push(`${month} ${String(date.getUTCDate()).padStart(2)} 01:02:03 h p[${i}]: text ${i}`)
    if (i % 7 === 0) lines.push('  goes on')
  }
  const text = lines.join('\n')
  const changedUs = Date.UTC(2026, 4, 1) * 1000
  const whole = await readLog(text, { changedUs })
  expect(whole.events).toHaveLength(900)
  expect(whole.events[0]).toMatchObject({ datetime: '2023-11-01T01:02:03+00:00' })
  expect(whole.events.at(-1)).toMatchObject({ datetime: '2026-04-18T01:02:03+00:00' })
  for (const stretchBytes of [50, 333, 4096]) {
    const parts = await readLog(text, { changedUs, stretchBytes })
    expect(parts.events).toEqual(whole.events)
    expect(parts.lines).toEqual(whole.lines)
  }
})

it('reads times on the clock of the zone that is given', async () => {
  const { events } = await readLog('Jul  1 12:00:00 h p: x\n', { year: 2025, timeZone: 'Europe/Berlin' })
  expect(events[0]).toMatchObject({ datetime: '2025-07-01T10:00:00+00:00' })
})

it('adds lines without a time to the one above, takes others as plain lines, and rejects what is neither', async () => {
  const { events, rejects, remarks } = await readLog(
    [
      'before anything',
      'Mar  1 10:00:00 h app: Traceback',
      '  File "x.py"',
      '2026-03-01 10:00:01,250 INFO of another program',
      'Feb 31 10:00:00 h app: never',
      'Mar  1 10:00:02 h app: end',
    ].join('\n'),
    { changedUs: CHANGED_US },
  )
  expect(events.map(({ message }) => message)).toEqual([
    '[app] Traceback\n  File "x.py"',
    '2026-03-01 10:00:01,250 INFO of another program',
    '[app] end',
  ])
  expect(events[1]).toMatchObject({ data_type: 'text:log:line', datetime: '2026-03-01T10:00:01.250+00:00' })
  expect(rejects.map(({ line, reason }) => [line, reason])).toEqual([
    [1, 'no-time'],
    [5, 'bad-time'],
  ])
  expect(remarks.slice(1)).toEqual([
    '1 line without a time of its own was added to the event above (first at line 3).',
    '1 line is written otherwise than the rest and was taken as plain text with the time found in it (first at line 4).',
  ])
})

it('knows what cron and sudo ran, whatever stands in front of the command and in it', async () => {
  const { events } = await readLog(
    [
      'CRON[7]: (root) CMD (   run (a) ; b  )',
      'sudo:   ann : TTY=pts/0 ; PWD=/home/a ; b ; USER=root ; COMMAND=/bin/ls ; COMMAND=x',
      'sudo:   ann : 3 incorrect password attempts ; TTY=pts/0 ; PWD=/ ; USER=root ; GROUP=g ; ENV=A=1 ; COMMAND=/bin/ls -l',
      'sudo:   ann : TTY=pts/0 ; PWD=/ ; COMMAND=/bin/ls',
    ]
      .map((text) => `Mar  1 10:00:00 web1 ${text}\n`)
      .join(''),
    { changedUs: CHANGED_US },
  )
  expect(events[0]).toMatchObject({ username: 'root', command: 'run (a) ; b' })
  expect(events[1]).toMatchObject({
    username: 'ann',
    terminal: 'pts/0',
    working_directory: '/home/a ; b',
    target_username: 'root',
    command: '/bin/ls ; COMMAND=x',
  })
  expect(events[2]).toMatchObject({ username: 'ann', working_directory: '/', command: '/bin/ls -l' })
  expect(events[3]).not.toHaveProperty('command')
})

it('finds years in which each date is one', async () => {
  const dates = ['Feb 29', 'Mar  1', 'Dec 31', 'Jan  1']
  const lines = dates.map((date) => `${date} 10:00:00 web1 app: x\n`)
  const { events, rejects, remarks } = await readLog(lines.join(''), {
    changedUs: Date.UTC(2026, 10, 1) * 1000,
  })
  expect(rejects).toEqual([])
  expect(events.map(({ datetime }) => String(datetime).slice(0, 10))).toEqual([
    '2024-02-29',
    '2024-03-01',
    '2024-12-31',
    '2025-01-01',
  ])
  expect(remarks.join()).toMatch(/from 2024 to 2025, since .* a 29th of February is only in a leap year/)
})

it('leaves years as they are where no others have each date', async () => {
  const dates = ['Feb 29', 'Feb 30', 'Jan  1', 'Feb 29']
  const { events, rejects } = await readLog(dates.map((date) => `${date} 10:00:00 web1 app: x\n`).join(''), {
    changedUs: Date.UTC(2026, 10, 1) * 1000,
  })
  expect([
    events.length + rejects.length,
    events.map(({ datetime }) => String(datetime).slice(0, 10)),
  ]).toEqual([4, ['2024-01-01', '2024-02-29']])
})
