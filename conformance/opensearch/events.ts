import type { Choices } from './random.ts'

/** Words of messages: plain ones, and those that analysers cut in ways worth comparing. */
export const WORDS: readonly string[] = [
  'accepted',
  'failed',
  'password',
  'user',
  'root',
  'admin',
  'session',
  'opened',
  'closed',
  'for',
  'from',
  'port',
  'service',
  'started',
  'stopped',
  'error',
  'Warning',
  'PowerShell',
  'cmd.exe',
  'svchost.exe',
  '10.0.0.1',
  '10.0.0.12',
  '192.168.1.77',
  'foo-bar',
  'foo_bar',
  "don't",
  'user@host.example',
  'a:b',
  '1,000',
  '3.14',
  '2024-01-05',
  'C:\\Windows\\System32',
  '/etc/passwd',
  'http://evil.example/a?b=c',
  'Größe',
  'naïve',
  'ÉCOLE',
  'Ελλάδα',
  'привет',
  '日本語',
  'テスト',
  '한국어',
  'x',
  'I',
  'ox',
  '0x1F',
  '{guid}',
  '[sshd]',
  '(null)',
  'key=value',
  '100%',
  '#tag',
  'end.',
  'semi;colon',
  '😀',
  'word😀word',
  'İSTANBUL',
  'ΣΊΣΥΦΟΣ',
  'STRAẞE',
  'กรุงเทพ',
  '👨‍👩‍👧',
  '🇨🇭',
  '5️⃣',
  'e\u0301cole',
  'a\u00adb',
  'نص-عربي',
  'שלום"צה',
  '１２３',
  'ⅷ',
  '½',
  'x²',
  'a\u200bb',
  'tab\there',
  'v1.2.3-rc4',
  'a.b',
  'a,b',
  '1.a',
  'a_1',
  '__init__',
  '$HOME',
  'C#',
  'Q&A',
  'it’s',
]
export const HOSTS: readonly string[] = [
  'WS-01',
  'WS-02',
  'ws-10',
  'DC01.corp.example',
  'srv files',
  'SRV_WEB',
  'mail.example.org',
]
export const USERS: readonly string[] = [
  'root',
  'admin',
  'Alice',
  'alice',
  'bob.smith',
  'NT AUTHORITY\\SYSTEM',
  '',
]
export const DATA_TYPES: readonly string[] = [
  'syslog:line',
  'windows:evtx:record',
  'chrome:history:page_visited',
  'fs:stat',
]
const START_MS = Date.UTC(2024, 0, 1)

/** One generated event; `uid` names it in both engines. */
export interface GeneratedEvent {
  readonly uid: string
  readonly datetime: string
  readonly [field: string]: unknown
}

/** Makes events in which every field has one JSON type (a peer refuses mixed ones) and most fields are sometimes missing. */
export function makeEvents(choices: Choices, count: number): readonly GeneratedEvent[] {
  return Array.from({ length: count }, (_, row) => makeEvent(choices, row))
}

function makeEvent(choices: Choices, row: number): GeneratedEvent {
  const event: Record<string, unknown> = {
    uid: `u${row}`,
    datetime: new Date(START_MS + choices.between(0, 90 * 86_400_000)).toISOString(),
    timestamp_desc: choices.pick(['Content Modification Time', 'Event Logged', 'Last Visited Time']),
    message: makeMessage(choices),
    data_type: choices.pick(DATA_TYPES),
  }
  if (choices.chance(0.9)) event['hostname'] = choices.pick(HOSTS)
  if (choices.chance(0.8)) event['username'] = choices.pick(USERS)
  if (choices.chance(0.9)) event['status'] = choices.pick([200, 301, 404, 500, -1, 0, 4624, 4_294_967_296])
  if (choices.chance(0.7)) event['bytes'] = choices.between(0, 100_000)
  if (choices.chance(0.6)) event['score'] = choices.between(-50, 50) / 8 + 0.0625
  if (choices.chance(0.5)) event['flag'] = choices.chance(0.5)
  if (choices.chance(0.4))
    event['labels'] = Array.from({ length: choices.between(0, 3) }, () =>
      choices.pick(['red', 'green', 'Blue', 'deep sea']),
    )
  if (choices.chance(0.4))
    event['process'] = {
      name: choices.pick(['cmd.exe', 'PowerShell.exe', 'bash']),
      pid: choices.between(1, 60),
    }
  if (choices.chance(0.2))
    event['ports'] = Array.from({ length: choices.between(1, 3) }, () => choices.pick([22, 80, 443, 8080]))
  if (choices.chance(0.1))
    event['note'] = choices.chance(0.3)
      ? null
      : choices.pick(['', 'see ticket', `${'long '.repeat(60)}tail`, `run${'x'.repeat(600)}on`])
  return event as GeneratedEvent
}

function makeMessage(choices: Choices): string {
  const words = Array.from({ length: choices.between(1, 12) }, () => choices.pick(WORDS))
  return words.join(choices.chance(0.9) ? ' ' : ', ')
}
