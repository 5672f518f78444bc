import { DATA_TYPES, HOSTS, USERS, WORDS } from './events.ts'
import type { Choices } from './random.ts'

/** Query strings written by hand: each feature of the language at least once, and the corners where parsers differ. */
export const HAND_WRITTEN: readonly string[] = [
  '*',
  '*:*',
  '',
  'accepted',
  'ACCEPTED',
  'accepted password',
  'accepted AND password',
  'accepted OR password',
  'accepted && password',
  'accepted || password',
  'NOT accepted',
  '!accepted',
  '-accepted',
  '+accepted -password',
  'accepted NOT password',
  'a OR b AND c',
  'accepted OR password AND root',
  'accepted AND password OR root',
  'accepted OR NOT password',
  '(accepted OR password) AND root',
  '(accepted password) OR (root admin)',
  'NOT (accepted OR root)',
  'message:accepted',
  'message:(accepted password)',
  'message:(accepted OR root)',
  'message:"accepted password"',
  '"accepted password"',
  '"password accepted"~2',
  'message:"accepted root"~3',
  '"cmd.exe"',
  'cmd.exe',
  'foo-bar',
  '"foo-bar"',
  'foo_bar',
  "don't",
  'user@host.example',
  'message:10.0.0.1',
  '"10.0.0.1"',
  '10.0.0.1*',
  'acc*',
  'message:acc*',
  'message:*ccept*',
  '*ccepted',
  'pass?ord',
  'message:pass?ord',
  'message:/acc.*/',
  '/pass(word|phrase)/',
  'message:/[a-f]oo_bar/',
  'acepted~',
  'acepted~1',
  'message:passwrd~2',
  'rot~1',
  'accepted^4',
  '"accepted password"^2 root',
  'status:200',
  'status:-1',
  'status:"404"',
  'status:[200 TO 404]',
  'status:{200 TO 404}',
  'status:[200 TO 404}',
  'status:>300',
  'status:>=404',
  'status:<301',
  'status:<=200',
  'status:[* TO 300]',
  'status:[404 TO *]',
  'status:(200 OR 500)',
  'status:4294967296',
  'bytes:>50000',
  'bytes:[1000 TO 2000]',
  'score:>0',
  'score:[-1.5 TO 2.5]',
  'score:<-3',
  'status:abc',
  'bytes:12.5',
  'flag:true',
  'flag:false',
  'NOT flag:true',
  '_exists_:flag',
  '_exists_:note',
  'NOT _exists_:hostname',
  '_exists_:process.name',
  '_exists_:process',
  '_exists_:nothing',
  'hostname:*',
  'note:*',
  'nothing:x',
  'hostname:WS-01',
  'hostname:"WS-01"',
  'hostname:ws',
  'hostname.keyword:WS-01',
  'hostname.keyword:ws-01',
  'hostname.keyword:"srv files"',
  'hostname.keyword:WS*',
  'hostname.keyword:ws*',
  'hostname.keyword:/WS-0[12]/',
  'username.keyword:"NT AUTHORITY\\\\SYSTEM"',
  'username:system',
  'username:"nt authority"',
  'username.keyword:""',
  'username:alice',
  'username.keyword:Alice',
  'data_type:"syslog:line"',
  'data_type:syslog\\:line',
  'data_type.keyword:"windows:evtx:record"',
  'data_type:windows',
  'process.name:cmd.exe',
  'process.name.keyword:PowerShell.exe',
  'process.pid:<10',
  'labels:red',
  'labels:"deep sea"',
  'labels.keyword:Blue',
  'NOT labels:red',
  'ports:443',
  'ports:[80 TO 443]',
  'datetime:[2024-01-10 TO 2024-01-20]',
  'datetime:{2024-01-10 TO 2024-01-20}',
  'datetime:[2024-02 TO 2024-02]',
  'datetime:2024-02',
  'datetime:"2024-02-03"',
  'datetime:>2024-03-01',
  'datetime:<=2024-01-31',
  'datetime:[2024-01-10T12:00:00 TO 2024-01-10T18:00:00]',
  'datetime:[2024-01-01||+1M/M TO 2024-03-01||/M]',
  'datetime:[* TO 2024-02-01]',
  'größe',
  'GRÖSSE',
  'Größe',
  'naïve',
  'naive',
  'école',
  'ελλάδα',
  'Привет',
  '日本語',
  '"日本語"',
  '日',
  'テスト',
  '한국어',
  '😀',
  '\\{guid\\}',
  '\\[sshd\\]',
  '"[sshd]"',
  '"key=value"',
  'key\\=value',
  '100%',
  '"100%"',
  '\\#tag',
  'end',
  '0x1f',
  '3.14',
  '"1,000"',
  'message:1,000',
  '"C:\\\\Windows\\\\System32"',
  'windows',
  'system32',
  'message:c',
  '"/etc/passwd"',
  'passwd',
  '"http://evil.example/a?b=c"',
  'evil.example',
  'message:[a TO c]',
  'message:{accepted TO failed}',
  'hostname.keyword:[WS TO X]',
  'hostname.keyword:>=WS',
  'note:long',
  'note.keyword:*',
  'note:tail',
  'uid.keyword:u17',
  'uid:(u1 u2 u3)',
  'uid:(u1 OR u2 OR u3)',
  'message:""',
  '""',
  '"   "',
  'I',
  'ox OR x',
  'for from',
  'a\\:b',
  '"a:b"',
]

const TERM_FIELDS = [
  'message',
  'hostname',
  'username',
  'data_type',
  'labels',
  'process.name',
  'note',
  'timestamp_desc',
] as const
const NUMBER_FIELDS = ['status', 'bytes', 'score', 'process.pid', 'ports'] as const

/** A query string by a grammar: leaves of every kind, joined by operators, signs and groups. */
export function generateQueryString(choices: Choices, depth = 3): string {
  if (depth === 0 || choices.chance(0.3)) return generateLeaf(choices)
  const parts = Array.from({ length: choices.between(2, 3) }, () => generateQueryString(choices, depth - 1))
  const joined = parts.reduce(
    (left, right) => `${left} ${choices.pick(['AND', 'OR', '', 'AND NOT', '&&', '||'])} ${right}`,
  )
  const shape = choices.next()
  if (shape < 0.5) return `(${joined})`
  if (shape < 0.6) return `NOT (${joined})`
  if (shape < 0.7) return `+(${joined}) -${generateLeaf(choices)}`
  return joined
}

/** Characters that mean something in the language. */
const SIGNS = [
  '(',
  ')',
  '"',
  '[',
  ']',
  '{',
  '}',
  ':',
  '\\',
  '/',
  '~',
  '^',
  '+',
  '-',
  '!',
  '*',
  '?',
  ' ',
  '&',
  '|',
]

/** The string with one or two characters left out, put in or doubled: whether it can still be read must be agreed on. */
export function mutate(choices: Choices, text: string): string {
  let characters = [...text]
  for (let round = choices.between(1, 2); round > 0; round--) {
    const at = choices.between(0, Math.max(0, characters.length - 1))
    const kind = choices.between(0, 2)
    if (kind === 0) characters = characters.toSpliced(at, 1)
    else if (kind === 1) characters = characters.toSpliced(at, 0, choices.pick(SIGNS))
    else characters = characters.toSpliced(at, 0, characters[at] ?? ' ')
  }
  return characters.join('')
}

function generateLeaf(choices: Choices): string {
  const kind = choices.between(0, 13)
  const word = escapeWord(choices.pick(WORDS))
  const field = choices.pick(TERM_FIELDS)
  const number = choices.pick(NUMBER_FIELDS)
  switch (kind) {
    case 0:
    case 1:
      return word
    case 2:
      return `${field}:${escapeWord(pickValue(choices, field))}`
    case 3:
      return `${field}:"${quoted(pickValue(choices, field))}"`
    case 4:
      return `"${quoted(choices.pick(WORDS))} ${quoted(choices.pick(WORDS))}"${choices.chance(0.3) ? `~${choices.between(1, 4)}` : ''}`
    case 5:
      return `${field}.keyword:"${quoted(pickValue(choices, field))}"`
    case 6:
      return `${number}:${choices.pick(['>', '>=', '<', '<='])}${choices.between(-2, 600)}`
    case 7: {
      const low = choices.between(0, 500)
      return `${number}:${choices.pick(['[', '{'])}${low} TO ${choices.chance(0.2) ? '*' : low + choices.between(0, 50_000)}${choices.pick([']', '}'])}`
    }
    case 8:
      return `${choices.chance(0.5) ? 'message:' : ''}${pickPattern(choices)}`
    case 9:
      return `_exists_:${choices.pick([...TERM_FIELDS, ...NUMBER_FIELDS, 'flag', 'process', 'nothing'])}`
    case 10: {
      const day = choices.between(1, 28)
      return `datetime:[2024-0${choices.between(1, 3)}-${String(day).padStart(2, '0')} TO 2024-03-${String(choices.between(1, 31)).padStart(2, '0')}]`
    }
    case 11:
      return `message:${choices.pick(['acepted', 'pasword', 'rooot', 'servce', 'opend', 'clsoed'])}~${choices.pick(['', '1', '2'])}`
    case 12:
      return `flag:${choices.pick(['true', 'false'])}`
    default:
      return `${field}:(${escapeWord(pickValue(choices, field))} ${choices.pick(['OR', 'AND', ''])} ${escapeWord(pickValue(choices, field))})`
  }
}

function pickValue(choices: Choices, field: string): string {
  switch (field) {
    case 'hostname':
      return choices.pick(HOSTS)
    case 'username':
      return choices.pick(USERS.filter((user) => user !== ''))
    case 'data_type':
      return choices.pick(DATA_TYPES)
    case 'labels':
      return choices.pick(['red', 'green', 'Blue', 'deep sea'])
    case 'process.name':
      return choices.pick(['cmd.exe', 'PowerShell.exe', 'bash'])
    default:
      return choices.pick(WORDS)
  }
}

// Patterns of letters, digits and dots only: others are a difference on purpose and stand in known-differences.ts.
function pickPattern(choices: Choices): string {
  const word = choices.pick([
    'accepted',
    'password',
    'session',
    'svchost.exe',
    '10.0.0.12',
    'started',
    'größe',
    'foo_bar',
  ])
  const cut = choices.between(1, word.length - 1)
  switch (choices.between(0, 4)) {
    case 0:
      return `${word.slice(0, cut)}*`
    case 1:
      return `*${word.slice(cut)}`
    case 2:
      return `*${word.slice(1, -1)}*`
    case 3:
      return `${word.slice(0, cut)}?${word.slice(cut + 1)}`
    default:
      return `/${word.slice(0, cut).replaceAll('.', '\\.')}.*/`
  }
}

function escapeWord(text: string): string {
  return text.replace(/[+\-=&|><!(){}[\]^"~*?:\\/ ]/g, (character) => `\\${character}`)
}

function quoted(text: string): string {
  return text.replace(/["\\]/g, (character) => `\\${character}`)
}
