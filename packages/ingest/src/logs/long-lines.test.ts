import { expect, it } from 'vitest'
import { LogClock } from './core/log-clock.ts'
import { LINES_FORMAT } from './lines/lines.ts'
import { LOG_FORMATS } from './log-formats.ts'

/** What lines of some format begin with, as far as something of any length follows. */
const STARTS = [
  ...['', '\t', '"', '[', '[*', '[* ', '(', '#', ': ', '|', '0|'],
  ...['Mar  1 10:00:00 ', 'Mar  1 10:00:00 host ', 'Mar  1 10:00:00 host app[', '<34>1 - ', '1 - '],
  ...[
    '1 2024-03-01T',
    '2024-03-01T10:00:00Z ',
    '<191>1 2024-03-01T10:00:00.1Z h a 1 - ',
    '<191>1 - h a 1 - [a ',
  ],
  '<191>1 2024-03-01T10:00:00.1Z h a 1 - [a@1 x="',
  ...[
    'CRON[1]: (root) CMD (',
    'sudo: a : ',
    'sudo: a : TTY=p ; PWD=',
    'sudo: a : TTY=p ; PWD=/ ; USER=r ; ',
  ].map((text) => `Mar  1 10:00:00 host ${text}`),
  ...[
    'sshd[1]: Accepted ',
    'sshd[1]: Failed password for ',
    'sshd[1]: Accepted a for b from c port 1: RSA',
  ].map((text) => `Mar  1 10:00:00 host ${text}`),
  ...[
    'type=',
    'type=SYSCALL msg=audit(1.2:3): ',
    "type=USER msg=audit(1.2:3): msg='",
    'type=A msg=audit(1.2:3): a="',
  ],
  ...[
    '192.0.2.1 - ',
    '192.0.2.1 - - [01/Mar/2024:10:00:00 +0000] "',
    '192.0.2.1 - - [01/Mar/2024:10:00:00 +0000] "a" 2',
  ],
  ...[
    '[Wed Oct 11 14:32:52 2023] [error] ',
    '[Wed Oct 11 14:32:52 2023] [error] [client ',
    '2023/10/11 14:32:54 [error] 1#2: ',
  ],
  ...[
    '#Fields: ',
    '#Fields: date time x\n2024-01-01 10:00:00 ',
    '"Task" (',
    '"Task"\n\tStarted ',
    '"Task"\n\tA 1/1/2024 ',
  ],
  ...[
    '"Task"\n\tStarted 1/1/2024 10:00:00 AM\n\tResult: (',
    '2024-03-01T10:00:00.1Z stdout P',
    '0|/x -> ',
    '#1600000000\n',
  ],
]
/** What stands there again and again. */
const UNITS = [
  ...[' ', '\t', '"', "'", '\\', '*', '(', ')', '[', ']', '|', ';', ':', ',', '=', '1', 'a', 'A', '_', '0a'],
  ...['; ', ', ', ' ; ', '""', '\\"', '-1', ' -', ' a', ' "', '|1', '1/', '1/1/', ':1', '1:11 ', '1/1/2024 '],
  ...['a=', 'a="', 'a["', ' x="', '; TTY=p ; PWD=', ' ; USER=r ; ', ', client: ', '[client ', ' -> ', '] '],
]
const LENGTH = 20_000

it.each([...LOG_FORMATS, LINES_FORMAT].map((format) => [format.name, format] as const))(
  'lines of %s that repeat anything at length are read in time that grows as they do',
  (_name, format) => {
    let lines = 0
    const reader = format.open({
      sink: { keep: () => {}, keepEach: () => {}, reject: () => {}, note: () => {} },
      clock: new LogClock({
        timeZone: 'UTC',
        dateOrder: 'month-first',
        referenceUs: Date.UTC(2025, 0, 1) * 1000,
        carried: {},
      }),
      carried: {},
      dayFirst: false,
    })
    for (const start of STARTS)
      for (const unit of UNITS) {
        const text = `${start}${unit.repeat(LENGTH / unit.length)}\u0001`.split('\n')
        format.matches({ lines: text, directives: text.filter((line) => line.startsWith('#')) })
        text.forEach((line, at) => {
          format.lacksYear?.(line)
          format.splits?.(text, at)
          reader.read(line, ++lines)
        })
      }
    reader.end?.()
    expect(lines).toBeGreaterThanOrEqual(STARTS.length * UNITS.length)
  },
)
