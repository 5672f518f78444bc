import { describe, expect, it } from 'vitest'
import { LOG_FORMATS } from './log-formats.ts'
import { readLog } from './testing/read-log.ts'

describe('auditd', () => {
  const RECORDS = [
    'type=SYSCALL msg=audit(1364481363.243:24287): syscall=59 success=yes exit=0 a0=7ffd a1=0 ppid=1 pid=3538 auid=1000 uid=0 comm="cat" exe="/bin/cat" key="k1"',
    'type=USER_LOGIN msg=audit(1364481363.244:24288): pid=7 uid=0 msg=\'op=login acct="root" exe="/usr/sbin/sshd" hostname=192.0.2.1 res=failed\'\x1dUID="root"',
    'type=EXECVE msg=audit(1364481363.243:24287): argc=2 a0="cat" a1=2F746D702F612062',
    'type=PROCTITLE msg=audit(1364481363.243:24287): proctitle=636174002F746D70',
  ]

  it('joins the records of an event, each field with the values of all of them', async () => {
    const { events, lines, mapping } = await readLog(`${RECORDS.join('\n')}\n`)
    expect(lines).toEqual([1, 2])
    expect(events[0]).toMatchObject({
      datetime: '2013-03-28T14:36:03.243+00:00',
      type: ['SYSCALL', 'EXECVE', 'PROCTITLE'],
      audit_serial: 24287,
      a0: ['7ffd', 'cat'],
      a1: ['0', '/tmp/a b'],
      exe: '/bin/cat',
      key: 'k1',
      proctitle: 'cat /tmp',
    })
    expect(events[1]).toMatchObject({
      type: 'USER_LOGIN',
      acct: 'root',
      remote_hostname: '192.0.2.1',
      UID: 'root',
    })
    expect(mapping.profile.aliases).toMatchObject({ executable: 'exe', system_call: 'syscall' })
  })

  it('is never cut between the records of an event', async () => {
    const text = Array.from({ length: 40 }, (_, i) =>
      [0, 2, 3].map((record) => RECORDS[record]!.replaceAll('24287', String(30_000 + i))).join('\n'),
    ).join('\n')
    const { events } = await readLog(text, { stretchBytes: 500 })
    expect(events).toHaveLength(40)
  })
})

it('reads access logs in the common and the combined form, with virtual hosts and escapes', async () => {
  const { events, rejects } = await readLog(
    [
      String.raw`192.0.2.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /a.gif?x=1&y=\"2 HTTP/1.0" 200 2326 "http://r.example/" "Agent (X; \"Y\")"`,
      '2001:db8::1 - - [10/Oct/2000:13:55:37 +0000] "-" 408 -',
      'www.example.org:443 192.0.2.9 - "a b" [11/Oct/2000:13:55:37.25 +0000] "\\x16\\x03" 400 226 "-" "-" 15 tail',
      'no line of such a log',
      '192.0.2.1 - - [31/Feb/2000:13:55:36 -0700] "GET / HTTP/1.0" 200 1',
    ].join('\n'),
  )
  expect(events).toMatchObject([
    {
      datetime: '2000-10-10T20:55:36+00:00',
      ip_address: '192.0.2.1',
      username: 'frank',
      http_method: 'GET',
      'cs-uri-stem': '/a.gif',
      'cs-uri-query': String.raw`x=1&y=\"2`,
      http_response_code: 200,
      http_response_bytes: 2326,
      http_request_referer: 'http://r.example/',
      http_request_user_agent: String.raw`Agent (X; \"Y\")`,
    },
    { ip_address: '2001:db8::1', http_response_code: 408 },
    { server_name: 'www.example.org', port_number: 443, username: 'a b', more: '15 tail' },
  ])
  expect(rejects.map(({ line, reason }) => [line, reason])).toEqual([
    [4, 'no-time'],
    [5, 'bad-time'],
  ])
})

it('reads error logs of Apache and nginx', async () => {
  const apache = await readLog(
    '[Wed Oct 11 14:32:52.123456 2023] [core:error] [pid 35:tid 42] [client 192.0.2.1:2222] AH00128: File does not exist: /x\n  more\n',
  )
  expect(apache.events).toMatchObject([
    {
      datetime: '2023-10-11T14:32:52.123456+00:00',
      ip_address: '192.0.2.1',
      port_number: 2222,
      error_code: 'AH00128',
      message_body: 'AH00128: File does not exist: /x\n  more',
    },
  ])
  const nginx = await readLog(
    '2023/10/11 14:32:54 [error] 12#56: *9 open() "/x" failed, client: 192.0.2.1, server: s, request: "GET /f HTTP/1.1", host: "h"\n',
    { timeZone: '+02:00' },
  )
  expect(nginx.events).toMatchObject([
    {
      datetime: '2023-10-11T12:32:54+00:00',
      severity: 'error',
      ip_address: '192.0.2.1',
      http_method: 'GET',
      'cs-uri': '/f',
      http_host: 'h',
    },
  ])
})

describe('W3C extended logs', () => {
  const IIS = [
    '#Software: Microsoft Internet Information Services 10.0',
    '#Date: 2024-01-02 00:00:00',
    '#Fields: date time cs-method cs-uri-stem c-ip cs(User-Agent) sc-status',
    '2024-01-02 00:00:01 GET /a 192.0.2.1 Agent/1+(X) 200',
    '#Fields: time c-ip sc-status',
    '00:00:02 192.0.2.2 404',
    '2024-01-02 oops',
  ]

  it('name their columns anew wherever #Fields: says so, in stretches of any size', async () => {
    for (const stretchBytes of [16, 90, 4096]) {
      const { events, rejects, account, mapping } = await readLog(`${IIS.join('\r\n')}\r\n`, { stretchBytes })
      expect(account.format).toBe('log/iis')
      expect(events).toMatchObject([
        {
          datetime: '2024-01-02T00:00:01+00:00',
          'cs-method': 'GET',
          'cs(User-Agent)': 'Agent/1+(X)',
          'sc-status': 200,
        },
        { datetime: '2024-01-02T00:00:02+00:00', 'c-ip': '192.0.2.2', 'sc-status': 404 },
      ])
      expect(rejects.map(({ line, reason }) => [line, reason])).toEqual([[7, 'wrong-column-count']])
      expect(mapping.profile.constants['data_type']).toBe('iis:log:line')
    }
  })

  it("of Windows' firewall have the host's clock where they say so", async () => {
    const lines = [
      '#Software: Microsoft Windows Firewall',
      '#Time Format: Local',
      '#Fields: date time action protocol src-ip dst-ip src-port dst-port size info path',
      '',
      '2024-01-02 10:00:01 DROP TCP 192.0.2.1 192.0.2.2 1234 445 52 - RECEIVE',
    ]
    const { events, mapping } = await readLog(lines.join('\n'), { timeZone: 'Europe/Berlin' })
    expect(events).toMatchObject([
      { datetime: '2024-01-02T09:00:01+00:00', 'src-port': 1234, path: 'RECEIVE' },
    ])
    expect(mapping.profile.aliases).toMatchObject({ source_ip: 'src-ip', destination_port: 'dst-port' })
  })

  it('of other programs keep values in quotes together', async () => {
    const { events, account } = await readLog(
      '#Fields: date time c-ip cs(User-Agent)\n2024-01-02 10:00:01 192.0.2.1 "A ""b"" c"\n',
    )
    expect(account.format).toBe('log/w3c')
    expect(events).toMatchObject([{ 'cs(User-Agent)': 'A "b" c' }])
  })
})

it('puts parts of lines of containers together', async () => {
  const { events, remarks } = await readLog(
    [
      '2016-10-06T00:17:09.669794202Z stdout P begin ',
      '2016-10-06T00:17:09.769794202Z stderr F other',
      '2016-10-06T02:17:10.6+02:00 stdout F end',
      '2016-10-06T00:17:11.1Z stdout P cut',
    ].join('\n'),
  )
  expect(events.map((event) => [event['datetime'], event['stream'], event['message_body']])).toEqual([
    ['2016-10-06T00:17:09.769794202+00:00', 'stderr', 'other'],
    ['2016-10-06T00:17:09.669794202+00:00', 'stdout', 'begin end'],
    ['2016-10-06T00:17:11.1+00:00', 'stdout', 'cut'],
  ])
  expect(remarks).toEqual([
    '1 event breaks off where more was to follow; what is there was taken (first at line 4).',
  ])
})

it('makes an event of each different time of a body file', async () => {
  const { events, rejects } = await readLog(
    [
      '0|/etc/passwd|12|r/rrw-r--r--|0|0|100|1600000000|1600000001|1600000001|0',
      'd41d8cd98f00b204e9800998ecf8427e|/a|b -> /x|12-128-1|l/lrwxrwxrwx|0|0|0|1600000000.123456789|0|0|-1',
      '0|/none|1|r/r|0|0|1|0|0|0|0',
      '0|cut',
    ].join('\n'),
  )
  expect(events.map((event) => [event['datetime'], event['timestamp_desc'], event['filename']])).toEqual([
    ['2020-09-13T12:26:40+00:00', 'Last Access Time', '/etc/passwd'],
    ['2020-09-13T12:26:41+00:00', 'Content Modification Time; Metadata Modification Time', '/etc/passwd'],
    ['2020-09-13T12:26:40.123456789+00:00', 'Last Access Time', '/a|b'],
  ])
  expect(events[2]).toMatchObject({ symbolic_link_target: '/x', md5: 'd41d8cd98f00b204e9800998ecf8427e' })
  expect(rejects.map(({ line, reason }) => [line, reason])).toEqual([
    [3, 'no-time'],
    [4, 'bad-record'],
  ])
})

it('reads histories of shells, commands of several lines as one', async () => {
  const bash = await readLog('ls\n#1600000000\nfor i in 1 2\ndo x; done\n#1600000010\nid\n')
  expect(bash.events.map(({ datetime, command }) => [datetime, command])).toEqual([
    ['2020-09-13T12:26:40+00:00', 'for i in 1 2\ndo x; done'],
    ['2020-09-13T12:26:50+00:00', 'id'],
  ])
  expect(bash.rejects).toMatchObject([{ line: 1, reason: 'no-time', raw: 'ls' }])
  // zsh writes byte 0x83, the second one of "Ã", as 0x83 0xa3.
  const zsh = await readLog(
    Buffer.from(': 1600000000:5;echo "a\\\nb"\n: 1600000001:0;echo \xc3\x83\xa3\n', 'latin1'),
  )
  expect(zsh.events).toMatchObject([{ command: 'echo "a\nb"', elapsed_seconds: 5 }, { command: 'echo Ã' }])
})

it('reads the log of the task scheduler in the notation of its host', async () => {
  const lines = [
    '"Task Scheduler Service"',
    '\tStarted at 25.12.2008 21:48:02',
    '"At1.job" (cmd.exe)',
    '\tFinished 26.12.2008 21:50:02',
    '\tResult: The task completed with an exit code of (1f).',
    '[ ***** Most recent entry is above this line ***** ]',
  ]
  const { events, account } = await readLog(Buffer.from(`\uFEFF${lines.join('\r\n')}\r\n`, 'utf16le'))
  expect(account).toMatchObject({ format: 'log/scheduled-tasks', rejected: 0 })
  expect(events).toMatchObject([
    { datetime: '2008-12-25T21:48:02+00:00', task_name: 'Task Scheduler Service', action: 'Started at' },
    { datetime: '2008-12-26T21:50:02+00:00', application: 'cmd.exe', action: 'Finished', exit_code: '1f' },
  ])
})

describe("the log of Windows' device installations", () => {
  const section = (title: string, ...lines: string[]): string[] => [`>>>  [${title}]`, ...lines]
  const started = '>>>  Section start 2026/01/02 03:04:05.123'

  it('has an event where a section starts and one where it ends, with all lines between them', async () => {
    const lines = [
      ...['[Device Install Log]', '     OS Version = 10.0.19041', '', '[BeginLog]', ''],
      ...['[Boot Session: 2026/01/02 03:00:00.500]', ''],
      ...section(
        'Device Install - USB',
        started,
        ...Array<string>(300).fill('     ump: Driver Date 2006/06/21 00:00:00'),
      ),
      ...['<<<  Section end 2026/01/02 03:04:06.456', '<<<  [Exit status: SUCCESS]', ''],
      ...section(
        'Setup',
        started,
        '<<<  Section end 2026/01/02 03:04:05.123',
        '<<<  [Exit status: FAILURE(0x5)]',
      ),
      ...section('cut off', started),
    ]
    const { events, account } = await readLog(lines.join('\r\n'), { timeZone: 'Europe/Berlin' })
    expect(account).toMatchObject({ format: 'log/setup-api', rejected: 0 })
    const shown = events.map((event) => [event['datetime'], event['timestamp_desc'], event['message']])
    expect(shown).toEqual([
      ['2026-01-02T02:00:00.500+00:00', undefined, 'Boot Session'],
      ['2026-01-02T02:04:05.123+00:00', 'Start Time', 'Device Install - USB: SUCCESS'],
      ['2026-01-02T02:04:06.456+00:00', 'End Time', 'Device Install - USB: SUCCESS'],
      ['2026-01-02T02:04:05.123+00:00', 'Start Time; End Time', 'Setup: FAILURE(0x5)'],
      ['2026-01-02T02:04:05.123+00:00', 'Start Time', 'cut off'],
    ])
    expect(events[0]!['message_body']).toMatch(/OS Version = 10\.0\.19041\n\[BeginLog\]$/)
    expect(String(events[1]!['message_body']).split('\n')).toHaveLength(304)
    expect(events[1]).toMatchObject({ entry_type: 'Device Install - USB', exit_status: 'SUCCESS' })
  })

  it('tells sections without a time, and lines that belong to none', async () => {
    const whole = section('x', started, '<<<  [Exit status: SUCCESS]')
    const lines = [
      ...whole,
      ...section('y', '     a'),
      ...section('z', '>>>  Section start 2026/13/02 03:04:05'),
    ]
    const { events, rejects } = await readLog(
      [...lines, '[Boot Session: never]', ...whole, 'rest'].join('\n'),
    )
    expect(events).toHaveLength(2)
    expect(rejects).toMatchObject([
      { line: 4, reason: 'no-time', raw: '>>>  [y]\n     a' },
      { line: 6, reason: 'bad-time' },
      { line: 8, reason: 'bad-time', raw: '[Boot Session: never]' },
      { line: 12, reason: 'no-time', raw: 'rest' },
    ])
  })

  const ended = (second: number, status: string): string[] => [
    `<<<  Section end 2026/01/02 03:04:${second}.500`,
    `<<<  [Exit status: ${status}]`,
    '',
  ]
  const begun = (title: string, second: number): string[] =>
    section(title, `>>>  Section start 2026/01/02 03:04:${second}.000`)

  it('gives no section the rest of one that is too long to be read as one', async () => {
    const tail = '     dvi: tail of the long one'
    const lines = [
      ...['[Device Install Log]', '[BeginLog]', '[Boot Session: 2026/01/02 03:00:00.500]'],
      ...[...begun('long', 11), ...Array<string>(120_000).fill(tail), ...ended(12, 'FAILURE(0x1)')],
      ...['     between them', ...begun('next', 13), '     dvi: x', ...ended(14, 'SUCCESS')],
    ]
    const { events, rejects, remarks } = await readLog(lines.join('\r\n'))
    const messages = events.map((event) => event['message'])
    expect(messages).toEqual(['Boot Session', 'long', 'next: SUCCESS', 'next: SUCCESS'])
    const body = String(events[2]!['message_body'])
    expect(body.split('\n')).toEqual([
      ...[...begun('next', 13), '     dvi: x', ...ended(14, 'SUCCESS').slice(0, 2)],
      '     between them',
    ])
    expect(rejects.length).toBeGreaterThan(0)
    for (const { reason, raw } of rejects) {
      expect(reason).toBe('over-limit')
      expect(raw.startsWith(tail)).toBe(true)
    }
    expect(remarks).toEqual([expect.stringMatching(/^1 event breaks off .*\(first at line 4\)\.$/)])
  })

  it('gives no section the rest of one whose beginning is not in the file', async () => {
    const lines = [
      ...[...begun('whole', 10), ...ended(11, 'SUCCESS'), '     a rest', ...ended(12, 'FAILURE(0x1)')],
      ...['     between them', ...begun('next', 13), ...ended(14, 'SUCCESS')],
    ]
    const { events, rejects, remarks } = await readLog(lines.join('\n'))
    expect(events).toHaveLength(4)
    expect(String(events[2]!['message_body'])).toMatch(/SUCCESS\]\n {5}between them$/)
    const raw = ['     a rest', ...ended(12, 'FAILURE(0x1)').slice(0, 2)].join('\n')
    expect(rejects).toMatchObject([{ line: 6, reason: 'no-time', raw }])
    expect(remarks).toEqual([])
  })

  it('tells of a section that breaks off at the end of the file', async () => {
    const lines = [...begun('whole', 10), ...ended(11, 'SUCCESS'), ...begun('cut', 12), '     x']
    const { events, remarks } = await readLog(lines.join('\n'))
    expect(events).toHaveLength(3)
    expect(remarks).toEqual([expect.stringMatching(/^1 event breaks off .*\(first at line 6\)\.$/)])
  })

  it('tells of a start that is no time, and of such an end, beside the event of the other', async () => {
    const start = '>>>  Section start 2026/13/40 03:04:11.000'
    const end = '<<<  Section end 2026/01/02 03:61:11.000'
    const lines = [
      ...[...section('no start', start), ...ended(11, 'SUCCESS')],
      ...[...begun('no end', 12), end, '<<<  [Exit status: SUCCESS]'],
    ]
    const { events, rejects } = await readLog(lines.join('\n'))
    expect(events).toMatchObject([
      { message: 'no start: SUCCESS', timestamp_desc: 'End Time' },
      { message: 'no end: SUCCESS', timestamp_desc: 'Start Time' },
    ])
    expect(rejects).toMatchObject([
      { line: 2, reason: 'bad-time', raw: start },
      { line: 8, reason: 'bad-time', raw: end },
    ])
  })
})

describe('logs of no known form', () => {
  it.each([
    ['2024-03-01 10:00:00,123 - root - INFO - started', '2024-03-01T10:00:00.123+00:00'],
    ['[2024-03-01T10:00:00.5+01:00] x', '2024-03-01T09:00:00.500+00:00'],
    ['I 2024.03.01-10:00:00 x', '2024-03-01T10:00:00+00:00'],
    ['Fri Mar  1 10:00:00 2024 x', '2024-03-01T10:00:00+00:00'],
    ['[01/Mar/2024:10:00:00 +0100] x', '2024-03-01T09:00:00+00:00'],
    ['3/1/2024 10:00:00 PM x', '2024-03-01T22:00:00+00:00'],
    ['1709287200.25: x', '2024-03-01T10:00:00.250+00:00'],
    ['20240301 10:00:00 x', '2024-03-01T10:00:00+00:00'],
    ['2024-03-01 10:00:00 status installed libc6:amd64', '2024-03-01T10:00:00+00:00'],
    ['10:00:00,5 2024-03-01 x', '2024-03-01T10:00:00.500+00:00'],
    ['10:00:00 2024-03-01 11:00:00 x', '2024-03-01T11:00:00+00:00'],
    ['03/01/24-10:00:00.765402  [**] [1:1:1] x', '2024-03-01T10:00:00.765402+00:00'],
  ])('have the time that stands in the line: %s', async (line, datetime) => {
    const { events, account } = await readLog(`${line}\n${line}\n`)
    expect(account.format).toBe('log/lines')
    expect(events[0]).toEqual({ datetime, data_type: 'text:log:line', message: line })
  })

  it.each([
    ['12/28-12:55:38.765402  [**] [1:408:5] x [**]', '-12-28T12:55:38.765402+00:00'],
    ['01-02 03:04:05.123   512   530 D Tag: x', '-01-02T03:04:05.123+00:00'],
    ['01-02 03:04:05.123 E/Tag( 512): x', '-01-02T03:04:05.123+00:00'],
    ['I0102 03:04:05.123456       1 main.go:12] x', '-01-02T03:04:05.123456+00:00'],
    ['Jan  2 03:04:05: x', '-01-02T03:04:05+00:00'],
    ['[Jan  2 03:04:05 +0100] x', '-01-02T02:04:05+00:00'],
    ['[Jan  2 03:04:05 -05:00] x', '-01-02T08:04:05+00:00'],
  ])('have the latest year that fits where a line says none, which is told: %s', async (line, rest) => {
    const { events, account, remarks } = await readLog(`${line}\n${line}\n`)
    expect(account.format).toBe('log/lines')
    const datetime = String(events[0]!['datetime'])
    expect(datetime.slice(4)).toBe(rest)
    const ageMs = Date.now() - Date.parse(datetime)
    expect(ageMs).toBeGreaterThan(-2 * 86_400_000)
    expect(ageMs).toBeLessThan(367 * 86_400_000)
    expect(remarks).toEqual([expect.stringMatching(/^2 lines have times without a year/)])
  })

  it.each(['[01/Mar/2024:10:00:00 +0100] x', '20240301T100000-0500 x', '2024.03.01-10:00 x'])(
    'have no remark of a year where a line says it: %s',
    async (line) => {
      const { events, remarks } = await readLog(`${line}\n${line}\n`)
      expect(String(events[0]!['datetime'])).toMatch(/^2024-03-01/)
      expect(remarks).toEqual([])
    },
  )

  it('say that a year which is told does not count for them', async () => {
    const line = '[Jan  2 03:04:05] x\n'
    const { events, remarks } = await readLog(line + line, {
      year: 2003,
      changedUs: Date.UTC(2020, 5) * 1000,
    })
    expect(events[0]!['datetime']).toBe('2020-01-02T03:04:05+00:00')
    expect(remarks).toEqual([expect.stringContaining('--year does not count')])
  })

  it('have no time in numbers that only look like a month and a day', async () => {
    const lines = [
      '01-02 03:04:05 x',
      '13/28-12:55:38.76 x',
      'score 12/28-12:55:38.7 x',
      'I0102 x',
      'X0102 03:04:05 x',
    ]
    await expect(readLog(lines.join('\n'))).rejects.toThrow(/found something that begins with/)
  })

  it('are no tables, even where a comma stands in each line', async () => {
    const lines = Array.from({ length: 30 }, (_, i) => `2024-03-01 10:00:${10 + i} x, y`)
    expect((await readLog(lines.join('\n'))).account.format).toBe('log/lines')
    const table = lines.map((line) => line.replace(' x', ',x'))
    expect((await readLog(table.join('\n'))).account.format).toBe('csv')
  })

  it('are no tables, with commas before milliseconds and in some of the lines below', async () => {
    const trace = [
      'Traceback (most recent call last):',
      '  File "a.py", line 3, in <module>',
      'ValueError: bad, very bad',
    ]
    const entry = (i: number) => `2026-03-01 10:00:0${i % 10},12${i % 10} ERROR x cannot open`
    const apart = Array.from({ length: 60 }, (_, i) => (i % 4 === 0 ? [entry(i), ...trace] : [entry(i)]))
    const even = Array.from({ length: 60 }, (_, i) =>
      i % 3 === 0 ? [entry(i), '  at a, line 3'] : [entry(i)],
    )
    for (const entries of [apart, even]) {
      const { account, rejects, events } = await readLog(entries.map((lines) => lines.join('\n')).join('\n'))
      expect(account.format).toBe('log/lines')
      expect(rejects).toEqual([])
      expect(events.map(({ datetime, message }) => [datetime, message])).toEqual(
        entries.map((lines, i) => [`2026-03-01T10:00:0${i % 10}.12${i % 10}+00:00`, lines.join('\n')]),
      )
    }
  })

  it('are no tables, where a cell more stands in some of the lines and nothing names them', async () => {
    const lines = Array.from(
      { length: 60 },
      (_, i) => `2026-03-01 10:00:00\tINFO\tdone${i % 5 ? '' : '\tmore'}`,
    )
    expect((await readLog(lines.join('\n'))).account).toMatchObject({
      format: 'log/lines',
      read: 60,
      rejected: 0,
    })
    const table = Array.from(
      { length: 60 },
      (_, i) => `2026-03-01 10:00:00\tINFO\tdone${i % 30 ? '' : '\tmore'}`,
    )
    expect((await readLog(table.join('\n'))).account).toMatchObject({ format: 'tsv', read: 60, rejected: 2 })
  })

  it('are no logs without times', async () => {
    await expect(readLog('hello\nworld\nas it is\n')).rejects.toThrow(
      /expected .* found something that begins with/,
    )
  })
})

describe('hostile logs', () => {
  it('of one line of many megabytes are read', async () => {
    const line = `Mar  1 10:00:00 h p: ${'"\\x'.repeat(3_000_000)}`
    const { events } = await readLog(`${line}\nMar  1 10:00:01 h p: y\n`)
    expect(events).toHaveLength(2)
    expect(String(events[0]!['message_body'])).toHaveLength(9_000_000)
  })

  it('that no expression can hold are rejected and read on', async () => {
    const deep = `192.0.2.1 - - [10/Oct/2000:13:55:36 +0000] "GET /${'\\"'.repeat(8_000_000)}" 200 1`
    const good = '192.0.2.1 - - [10/Oct/2000:13:55:37 +0000] "GET / HTTP/1.0" 200 1'
    const { events, rejects } = await readLog(`${good}\n${good}\n${deep}\n${good}\n`)
    expect(events.length + rejects.length).toBe(4)
    expect(events.length).toBeGreaterThanOrEqual(3)
  })

  it('name fields as they like without changing what an event has', async () => {
    const { events } = await readLog(
      'type=X msg=audit(1364481363.243:1): datetime=1 message=2 data_type=3 __proto__=4 constructor=5\n',
    )
    expect(events[0]).toMatchObject({
      datetime: '2013-03-28T14:36:03.243+00:00',
      audit_datetime: '1',
      audit_message: '2',
      audit_data_type: '3',
      constructor: '5',
    })
  })

  it('with more values of a field than are kept are told, and have them in the message', async () => {
    const values = Array.from({ length: 1500 }, (_, i) => `x=v${i}`)
    const { events, remarks } = await readLog(
      `type=X msg=audit(1364481363.243:1): ${values.join(' ')} x=v1\ntype=Y msg=audit(1364481363.243:1): x=v2\n`,
    )
    expect(events[0]!['x']).toHaveLength(1000)
    expect(events[0]!['message_body']).toContain('x=v1499')
    expect(remarks).toContain(
      '1 line has values of a field of which the event has 1,000 others (MAX_VALUES); these stand in its message_body only (first at line 1).',
    )
  })

  it('with NULs around them, or of nothing else, are read without these', async () => {
    const { events } = await readLog('Mar  1 10:00:00 h p: x\0\n\0\0\0\0\n\0\0Mar  1 10:00:01 h p: y\n')
    expect(events.map(({ message }) => message)).toEqual(['[p] x', '[p] y'])
  })
})

it('lists each format once', () => {
  const names = LOG_FORMATS.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
})
