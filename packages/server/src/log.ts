import { type DestinationStream, type Logger, pino } from 'pino'

/** Paths of secrets that must not reach a log, wherever an object with them is logged. */
const SECRET_PATHS = [
  'password',
  '*.password',
  'csrfToken',
  '*.csrfToken',
  'cookieValue',
  '*.cookieValue',
  'key',
  'authorization',
  '*.authorization',
  'cookie',
  '*.cookie',
  'headers["x-csrftoken"]',
  '*.headers["x-csrftoken"]',
]

/**
 * A structured log: one JSON object a line.
 *
 * @param options.destination - Default: standard error.
 */
export function createLogger(
  options: { level?: 'debug' | 'info' | 'warn' | 'error' | 'silent'; destination?: DestinationStream } = {},
): Logger {
  return pino(
    {
      level: options.level ?? 'info',
      redact: { paths: SECRET_PATHS, censor: '[secret]' },
      formatters: { level: (label) => ({ level: label }) },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    options.destination ?? pino.destination({ fd: 2, sync: true }),
  )
}
