import { Buffer } from 'node:buffer'
import type { LogFormat } from '../core/log-format.ts'
import { areMostly } from '../core/log-sample.ts'

/** zshoptions(1), EXTENDED_HISTORY: `: <beginning time>:<elapsed seconds>;<command>`. */
const ENTRY = /^: {1,2}(\d{9,11}):(\d+);/
/** Stands in front of bytes that zsh uses for itself, which then have bit 5 turned over (zsh's `Src/zsh.h`, `Meta`). */
const META = 0x83

/** Extended history of zsh; a command of several lines is one event. Names are those of Plaso's `shell:zsh:history`. */
export const ZSH_FORMAT: LogFormat = {
  name: 'zsh-history',
  title: 'history of zsh, with times',
  recognisedBy: 'lines of a colon, seconds since 1970, elapsed seconds and a command',
  description: 'Content Modification Time',
  isOfItsPlace: true,
  constants: { data_type: 'shell:zsh:history', source_short: 'HIST', source_long: 'Zsh Extended History' },
  joins: false,
  matches: ({ lines }) => areMostly(lines, (line) => ENTRY.test(line), 0.2),
  splits: (lines, at) => ENTRY.test(lines[at]!),
  prepare: unmetafy,
  open: ({ sink, clock }) => {
    let begun:
      | { readonly datetime: string; readonly elapsed: number; readonly line: number; text: string }
      | undefined
    const finish = (): void => {
      if (begun === undefined) return
      const { datetime, elapsed, line, text } = begun
      begun = undefined
      sink.keep(
        {
          datetime,
          command: text,
          elapsed_seconds: elapsed,
          message: `${text} Time elapsed: ${elapsed} seconds`,
        },
        line,
      )
    }
    return {
      read(line, number) {
        const match = ENTRY.exec(line)
        if (!match) {
          if (begun) begun.text = `${begun.text.replace(/\\$/, '')}\n${line}`
          else sink.reject(number, 'no-time', 'expected a command with its time, found none', line)
          return true
        }
        finish()
        const datetime = clock.utc(Number(match[1]))
        if (datetime === undefined)
          sink.reject(number, 'bad-time', `found a time that is none: ${match[1]}`, line)
        else begun = { datetime, elapsed: Number(match[2]), line: number, text: line.slice(match[0].length) }
        return true
      },
      end: finish,
    }
  },
}

function unmetafy(bytes: Buffer): Buffer {
  if (!bytes.includes(META)) return bytes
  const plain = Buffer.alloc(bytes.length)
  let size = 0
  for (let at = 0; at < bytes.length; at++)
    plain[size++] = bytes[at] === META && at + 1 < bytes.length ? bytes[++at]! ^ 0x20 : bytes[at]!
  return plain.subarray(0, size)
}
