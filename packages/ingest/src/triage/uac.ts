import { findZoneClock } from '../time/time-zone.ts'
import { type ClueReader, cleanHostName, folderOf } from './clue.ts'

const LOG = /(?:^|\/)uac\.log$/
const HOST = /\bHostname\s*: (\S+)/

/** UAC's log, at the top of what it collected, names the host. */
export const UAC: ClueReader = {
  maxBytes: 64 * 1024,
  matches: (name) => LOG.test(name),
  read(name, bytes) {
    const text = bytes.toString('utf8')
    if (!/Unix-like Artifacts Collector|\buac\b/i.test(text)) return undefined
    const hostName = cleanHostName(HOST.exec(text)?.[1])
    return { root: folderOf(name), tool: 'UAC', rank: 1, ...(hostName === undefined ? {} : { hostName }) }
  },
}

const ZONE_FILE = /^(.*?)(?:\[root\]\/)?etc\/timezone$/
const ZONE_COMMAND = /^(.*?)live_response\/system\/timedatectl[^/]*\.txt$/
const ZONE_LINE = /Time zone: ([A-Za-z0-9_+/-]+)/

/** The time zone of a Unix host: `/etc/timezone`, or what `timedatectl` said while UAC collected. */
export const UNIX_ZONE: ClueReader = {
  maxBytes: 4096,
  matches: (name) => ZONE_FILE.test(name) || ZONE_COMMAND.test(name),
  read(name, bytes) {
    const text = bytes.toString('utf8')
    const command = ZONE_COMMAND.exec(name)
    const timeZone = command ? ZONE_LINE.exec(text)?.[1] : text.trim()
    if (timeZone === undefined || findZoneClock(timeZone) === undefined) return undefined
    return { root: command?.[1] ?? ZONE_FILE.exec(name)?.[1] ?? '', timeZone, rank: command ? 1 : 0 }
  },
}
