import type { LogContext, LogFormat, LogReader } from '../core/log-format.ts'
import { areMostly } from '../core/log-sample.ts'

/** The Sleuth Kit, "Body file" (3.x): `MD5|name|inode|mode|UID|GID|size|atime|mtime|ctime|crtime`; bars in names are not marked. */
const COLUMNS_BEHIND_NAME = 9
/** Where the size is among them; all behind it are numbers too. */
const SIZE = 4
const WHOLE = /^-?\d*$/
const NUMBER = /^-?\d*(?:\.\d+)?$/
const HASH = /^(?:0|[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64})?\|/
/** Times in the order of the columns, by the names that Plaso has for them. */
const TIMES = [
  'Last Access Time',
  'Content Modification Time',
  'Metadata Modification Time',
  'Creation Time',
] as const
const LINK = /^(.*) -> (.*)$/
const NO_HASH = /^0*$/

/** Body files of The Sleuth Kit (`fls -m`, `mactime`): one event for each different time. Names are those of Plaso's `fs:bodyfile:entry`. */
export const BODYFILE_FORMAT: LogFormat = {
  name: 'bodyfile',
  title: "The Sleuth Kit's body file (mactime)",
  recognisedBy: 'eleven columns parted by bars, the last four numbers',
  description: 'Content Modification Time',
  constants: { data_type: 'fs:bodyfile:entry', source_short: 'FILE', source_long: 'Bodyfile' },
  joins: false,
  matches: ({ lines }) => areMostly(lines, (line) => HASH.test(line) && splitEntry(line) !== undefined),
  open: openReader,
}

/** The columns of a line; undefined where it is none of a body file. */
function splitEntry(
  line: string,
): { readonly hash: string; readonly name: string; readonly columns: readonly string[] } | undefined {
  const nameAt = line.indexOf('|') + 1
  const columns: string[] = []
  let end = line.length
  for (let i = COLUMNS_BEHIND_NAME - 1; i >= 0; i--) {
    const bar = line.lastIndexOf('|', end - 1)
    if (bar < nameAt) return undefined
    const column = line.slice(bar + 1, end)
    if (i >= SIZE && !(i === SIZE ? WHOLE : NUMBER).test(column)) return undefined
    columns[i] = column
    end = bar
  }
  return { hash: line.slice(0, nameAt - 1), name: line.slice(nameAt, end), columns }
}

function openReader({ sink, clock }: LogContext): LogReader {
  return {
    read(line, number) {
      if (line.startsWith('#')) return true
      const entry = splitEntry(line)
      if (!entry) {
        sink.reject(
          number,
          'bad-record',
          'expected eleven columns parted by bars, the last five numbers',
          line,
        )
        return true
      }
      const { hash, name, columns } = entry
      const [inode, mode, owner, group, size] = columns
      const moments: { datetime: string; timestamp_desc: string }[] = []
      for (let i = 0; i < TIMES.length; i++) {
        const datetime = readSeconds(columns[SIZE + 1 + i]!)
        if (datetime === undefined) continue
        const known = moments.find((moment) => moment.datetime === datetime)
        if (known) known.timestamp_desc += `; ${TIMES[i]}`
        else moments.push({ datetime, timestamp_desc: TIMES[i]! })
      }
      if (moments.length === 0) {
        sink.reject(number, 'no-time', 'expected one time of four at least, found none', line)
        return true
      }
      const link = mode!.includes('l') ? LINK.exec(name) : null
      const filename = link ? link[1] : name
      const md5 = NO_HASH.test(hash) ? undefined : hash
      sink.keepEach(
        moments,
        {
          filename,
          symbolic_link_target: link?.[2],
          inode,
          mode_as_string: mode,
          owner_identifier: owner,
          group_identifier: group,
          size: readSize(size!),
          md5,
          message: `${filename} Owner identifier: ${owner} Group identifier: ${group} Mode: ${mode}${md5 === undefined ? '' : ` MD5: ${md5}`}`,
        },
        number,
      )
      return true
    },
  }

  /** Undefined for 0 and -1, which stand for no time. */
  function readSeconds(text: string): string | undefined {
    const [whole, fraction = ''] = text.split('.')
    const seconds = Number(whole)
    return whole === '' || seconds === 0 || seconds === -1 ? undefined : clock.utc(seconds, fraction)
  }
}

/** A number where it is one exactly, else the digits as they stand; undefined for none. */
function readSize(text: string): number | string | undefined {
  if (text === '') return undefined
  const size = Number(text)
  return Number.isSafeInteger(size) ? size : text
}
