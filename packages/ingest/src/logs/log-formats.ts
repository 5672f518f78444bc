import type { LogFormat } from './core/log-format.ts'
import { LINES_FORMAT } from './lines/lines.ts'
import { SYSLOG_FORMAT } from './syslog/syslog.ts'

/** Text logs that are known by their lines; where several match, the first counts. */
export const LOG_FORMATS: readonly LogFormat[] = [SYSLOG_FORMAT]

const BY_NAME = new Map([...LOG_FORMATS, LINES_FORMAT].map((format) => [format.name, format]))

/**
 * The format of a name.
 *
 * @throws {Error} When there is none: names come from this table.
 */
export function findLogFormat(name: string): LogFormat {
  const format = BY_NAME.get(name)
  if (format === undefined) throw new Error(`expected the name of a text log, found ${JSON.stringify(name)}`)
  return format
}
