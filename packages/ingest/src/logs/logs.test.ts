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
