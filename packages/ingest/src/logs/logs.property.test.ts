import fc from 'fast-check'
import { expect, it } from 'vitest'
import { LogClock } from './core/log-clock.ts'
import type { LogFields, LogFormat } from './core/log-format.ts'
import { LINES_FORMAT } from './lines/lines.ts'
import { LOG_FORMATS } from './log-formats.ts'

/** Pieces that lines of some format begin with, hold or end with. */
const PIECE = fc.oneof(
  fc.constantFrom(
    ...[
      'Mar  1 10:00:00 ',
      '<34>',
      '<191>1 2024-03-01T10:00:00.1Z ',
      'Feb 31 25:61:99 ',
      'host ',
      'sshd[12]: ',
    ],
    ...['type=SYSCALL msg=audit(1.2:3): ', 'a0="x" ', "msg='op=x acct=6B' ", '\x1dUID="root"', 'key=0161 '],
    ...['192.0.2.1 - - [01/Mar/2024:10:00:00 +0000] ', '"GET / HTTP/1.1" ', '200 ', '"\\"" ', '[error] '],
    ...[
      '[Wed Oct 11 14:32:52 2023] ',
      '2023/10/11 14:32:54 [error] 1#2: ',
      '#Fields: date time x',
      '#Date: x',
    ],
    ...['2024-01-02 10:00:00 ', '|', '0|/x|1|m|0|0|1|', '1600000000', '#1600000000', ': 1600000000:0;', '\\'],
    ...['"Task" (x)', '\tStarted 1/1/2024 10:00:00 AM', 'stdout F ', 'stdout P ', '\0', '[', ']', '"', '='],
  ),
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 6 }),
)
const LINES = fc.array(
  fc.array(PIECE, { maxLength: 8 }).map((pieces) => pieces.join('').replaceAll(/[\r\n]/g, ' ')),
  { maxLength: 12 },
)

interface Outcome {
  readonly kept: readonly (readonly [number, LogFields])[]
  readonly rejected: readonly number[]
  readonly unknown: readonly number[]
}

function read(format: LogFormat, lines: readonly string[]): Outcome {
  const kept: (readonly [number, LogFields])[] = []
  const rejected: number[] = []
  const unknown: number[] = []
  const clock = new LogClock({
    timeZone: 'UTC',
    dateOrder: 'month-first',
    referenceUs: Date.UTC(2025, 0, 1) * 1000,
    carried: {},
  })
  const reader = format.open({
    sink: {
      keep: (fields, line) => kept.push([line, fields]),
      keepEach(times, fields, line) {
        for (const time of times) kept.push([line, { ...time, ...fields }])
      },
      reject: (line) => rejected.push(line),
      note: () => {},
    },
    clock,
    carried: {},
    dayFirst: false,
  })
  lines.forEach((line, i) => {
    if (!reader.read(line, i + 1)) unknown.push(i + 1)
  })
  reader.end?.()
  return { kept, rejected, unknown }
}

it.each([...LOG_FORMATS, LINES_FORMAT].map((format) => [format.name, format] as const))(
  'lines of any kind become events of %s with a time and a message that JSON holds, or are told',
  (_name, format) => {
    fc.assert(
      fc.property(LINES, (lines) => {
        const { kept, rejected, unknown } = read(format, lines)
        for (const [line, fields] of kept) {
          expect(line).toBeGreaterThanOrEqual(1)
          expect(line).toBeLessThanOrEqual(lines.length)
          expect(fields.datetime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?\+00:00$/)
          expect(typeof fields.message).toBe('string')
          expect(JSON.parse(JSON.stringify(fields))).toMatchObject({ datetime: fields.datetime })
        }
        for (const line of [...rejected, ...unknown]) expect(line).toBeLessThanOrEqual(lines.length)
      }),
      { numRuns: 300 },
    )
  },
)
