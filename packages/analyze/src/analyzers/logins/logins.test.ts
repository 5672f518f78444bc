import { expect, test } from 'vitest'
import { runAnalyzer } from '../../testing/run-analyzer.ts'
import { accountFinder } from '../account-finder.ts'
import { login } from './login.ts'
import { sshBruteForce } from './ssh-brute-force.ts'
import { windowsBruteForce } from './windows-brute-force.ts'

const EVTX = { data_type: 'windows:evtx:record', message: 'logon' }
const LOGON = [
  'S-1',
  'PC$',
  'CORP',
  '0x3e7',
  'S-2',
  'eve',
  'CORP',
  '0xabc',
  '3',
  'NtLmSsp',
  'NTLM',
  '-',
  '{}',
  '-',
  '-',
  '0',
  '0x0',
  '-',
  '10.0.0.7',
  '4444',
]

test('Plaso’s logons and logoffs are read out of their strings', async () => {
  const { result, marks } = await runAnalyzer(login, [
    { ...EVTX, event_identifier: 4624, strings: LOGON },
    { ...EVTX, event_identifier: '4634', strings: ['S-2', 'eve', 'CORP', '0xabc', '7'] },
    { ...EVTX, event_identifier: 4624, strings: ['too', 'few'] },
    { ...EVTX, event_identifier: 4688, strings: LOGON },
  ])
  expect(result).toBe('Total number of login events processed: 1 and logoff events: 1')
  expect([...marks]).toEqual([
    [
      0,
      {
        tags: ['logon-event'],
        emojis: ['UNLOCK'],
        attributes: {
          logon_type: 'Network',
          windows_domain: 'CORP',
          username: 'eve',
          user_id: 'S-2',
          logon_process: 'NtLmSsp',
          workstation: 'localhost',
          source_address: '10.0.0.7',
          session_id: '0x3e7',
          source_username: 'PC$',
        },
      },
    ],
    [
      1,
      {
        tags: ['logoff-event'],
        emojis: ['LOCK', 'SCREEN'],
        attributes: { username: 'eve', logon_domain: 'CORP', session_id: '0xabc', logon_type: 'Unlock' },
      },
    ],
  ])
})

test('events that have their data by names are read too', async () => {
  const named = { TargetUserName: 'eve', LogonType: 10, IpAddress: '-', WorkstationName: 'PC-1' }
  const { marks } = await runAnalyzer(login, [{ ...EVTX, event_identifier: 4624, ...named }])
  expect(marks.get(0)?.attributes).toEqual({
    logon_type: 'RemoteInteractive',
    username: 'eve',
    workstation: 'PC-1',
  })
})

const ssh = (body: string, second: number, more: object = {}) => ({
  message: body,
  reporter: 'sshd',
  hostname: 'srv',
  body,
  username: 'root',
  ip_address: '10.0.0.9',
  port: String(1000 + second),
  datetime: new Date(1_700_000_000_000 + second * 1000).toISOString(),
  ...more,
})
const failures = (count: number) =>
  Array.from({ length: count }, (_, n) => ssh('Failed password for root from 10.0.0.9', n))

test('an SSH log-in after many failures is starred with its end', async () => {
  const rows = [
    ...failures(20),
    ssh('Accepted password for root from 10.0.0.9', 30),
    ssh('Disconnected from user root 10.0.0.9', 430, { port: '1030' }),
  ]
  const { result, marks } = await runAnalyzer(sshBruteForce, rows)
  expect([...marks]).toEqual([20, 21].map((at) => [at, { tags: ['ssh_bruteforce'], labels: ['__ts_star'] }]))
  const report = JSON.parse(result)
  expect(report).toMatchObject({
    analyzer_identifier: 'sshbruteforceanalyzer',
    result_priority: 'HIGH',
    result_summary: '1 brute force from 10.0.0.9',
    platform_meta_data: { created_tags: ['ssh_bruteforce'] },
  })
  expect(report.result_markdown).toContain('Logged in as root at 2023-11-14T22:13:50Z')
  expect(report.result_markdown).toContain('400 seconds')
})

test.each([
  ['too few failures', [...failures(19), ssh('Accepted password', 30)]],
  ['failures long ago', [...failures(20), ssh('Accepted password', 4000)]],
  [
    'a second log-in',
    [...failures(20), ssh('Accepted password', 30), ssh('Accepted password', 30, { port: '1' })],
  ],
  ['another address', [...failures(20), ssh('Accepted password', 30, { ip_address: '10.1.1.1' })]],
])('%s is no brute force', async (_, rows) => {
  const { result, marks } = await runAnalyzer(sshBruteForce, rows)
  expect([JSON.parse(result).result_summary, marks.size]).toEqual(['No bruteforce activity', 0])
})

test('a timeline without log-ins says so', async () => {
  const summaries = await Promise.all(
    [sshBruteForce, windowsBruteForce].map(
      async (one) => JSON.parse((await runAnalyzer(one, [{ message: 'x' }])).result).result_summary,
    ),
  )
  expect(summaries).toEqual(['No SSH authentication events', 'No Windows authentication events'])
})

test('Windows logons after many failures are found, of the types by which people come from outside', async () => {
  const event = (id: number, more: object) => ({
    ...EVTX,
    source_name: 'Microsoft-Windows-Security-Auditing',
    event_identifier: id,
    computer_name: 'pc',
    IpAddress: '10.0.0.9',
    TargetUserName: 'admin',
    ...more,
  })
  const rows = [
    ...Array.from({ length: 20 }, () => event(4625, { LogonType: 3 })),
    event(4624, { LogonType: 3, TargetLogonId: '0x1' }),
    event(4624, { LogonType: 5, TargetLogonId: '0x2' }),
    event(4634, { LogonType: 3, TargetLogonId: '0x1', IpAddress: undefined }),
  ]
  const { result, marks } = await runAnalyzer(windowsBruteForce, rows)
  expect([...marks.keys()]).toEqual([20, 22])
  expect(JSON.parse(result)).toMatchObject({ result_priority: 'HIGH' })
})

test('accounts are counted by their tags', async () => {
  const rows = [
    { message: 'x', found_account: 'eve@gmail.com', tag: ['gmail-account', 'seen'] },
    { message: 'x', found_account: 'eve@gmail.com', tag: ['gmail-account'] },
    { message: 'x', found_account: "o'neil", tag: 'github-account' },
    { message: 'x', tag: ['gmail-account'] },
  ]
  const report = JSON.parse((await runAnalyzer(accountFinder, rows)).result)
  expect(report).toMatchObject({ result_priority: 'LOW' })
  expect(report.result_summary).toBe(
    `Account finder identified use of the following accounts: {'gmail-account': {'eve@gmail.com': 2}, 'github-account': {"o'neil": 1}}`,
  )
  expect(JSON.parse((await runAnalyzer(accountFinder, [{ message: 'x' }])).result)).toMatchObject({
    result_priority: 'NOTE',
    result_summary: 'Account finder was unable to extract any accounts.',
  })
})
