import type { LogFormat } from '../core/log-format.ts'
import { areMostly } from '../core/log-sample.ts'

/** bash(1), "HISTORY": with HISTTIMEFORMAT set, `#` and seconds since 1970 in front of each command. */
const TIME = /^#(\d{9,11})$/

/** History of bash with times; a command of several lines is one event. Names are those of Plaso's `bash:history:entry`. */
export const BASH_FORMAT: LogFormat = {
  name: 'bash-history',
  title: 'history of bash, with times',
  recognisedBy: 'lines of # and seconds since 1970 in front of commands',
  description: 'Content Modification Time',
  isOfItsPlace: true,
  constants: { data_type: 'bash:history:entry', source_short: 'LOG', source_long: 'Bash History' },
  joins: false,
  matches: ({ lines }) => areMostly(lines, (line) => TIME.test(line), 0.2),
  splits: (lines, at) => TIME.test(lines[at]!),
  open: ({ sink, clock }) => {
    let time:
      | { readonly text: string; readonly datetime: string | undefined; readonly line: number }
      | undefined
    let command: string[] = []
    const finish = (): void => {
      if (time === undefined) return
      const { text, datetime, line } = time
      const all = command.join('\n')
      if (datetime === undefined)
        sink.reject(line, 'bad-time', `found a time that is none: ${text}`, `${text}\n${all}`)
      else if (command.length === 0)
        sink.reject(line, 'bad-record', 'expected a command below the time, found none', text)
      else sink.keep({ datetime, command: all, message: `Command executed: ${all}` }, line)
      time = undefined
      command = []
    }
    return {
      read(line, number) {
        const match = TIME.exec(line)
        if (match) {
          finish()
          time = { text: line, datetime: clock.utc(Number(match[1])), line: number }
        } else if (time === undefined)
          sink.reject(
            number,
            'no-time',
            'expected a line of # and seconds above the command, found none',
            line,
          )
        else command.push(line)
        return true
      },
      end: finish,
    }
  },
}
