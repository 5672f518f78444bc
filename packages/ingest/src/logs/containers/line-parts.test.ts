import { expect, it } from 'vitest'
import { readLog } from '../testing/read-log.ts'

type Stream = 'stdout' | 'stderr'

const timeOf = (second: number): string =>
  `2026-01-01T00:${String(Math.floor(second / 60) % 60).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}.000000000Z`

const FORMATS = {
  'log/docker': (text: string, isLast: boolean, stream: Stream, second: number) =>
    `${JSON.stringify({ log: isLast ? `${text}\n` : text, stream, time: timeOf(second) })}\n`,
  'log/cri': (text: string, isLast: boolean, stream: Stream, second: number) =>
    `${timeOf(second)} ${stream} ${isLast ? 'F' : 'P'} ${text}\n`,
}

it.each(
  Object.entries(FORMATS).flatMap(([format, write]) => [
    { format, write, length: 60, is: 'short' },
    { format, write, length: 3000, is: 'longer than what is looked at of a line' },
  ]),
)(
  'no line of $format is torn where both streams are written, parts being $is',
  async ({ format, write, length }) => {
    const count = 400
    const text = Array.from({ length: count }, (_, at) => [
      write(`first ${at}`.padEnd(length), false, 'stdout', at),
      write(`error ${at}`, true, 'stderr', at),
      write(`second ${at}`, true, 'stdout', at),
      write(`whole ${at}`.padEnd(length), true, 'stderr', at),
      write('whole', false, 'stderr', at),
      write('short', true, 'stdout', at),
      write('', true, 'stderr', at),
    ])
      .flat()
      .join('')
    // Of many sizes, so that they end everywhere among the lines.
    for (const stretchBytes of [7 * length, 8 * length + 333, 11 * length + 77]) {
      const { events, account, remarks } = await readLog(text, { stretchBytes })
      expect(account).toMatchObject({ format, read: 5 * count, rejected: 0 })
      expect(events.filter(({ message }) => /(?:^|Message: )second/.test(String(message)))).toEqual([])
      expect(remarks).toEqual([])
    }
  },
)
