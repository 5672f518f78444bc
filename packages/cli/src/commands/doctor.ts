import type { Finding } from '../backend/backend.ts'
import { openBackend } from '../backend/open-backend.ts'
import { BACKEND_OPTIONS, type Command, type CommandCall, OUTPUT_OPTIONS } from '../command.ts'
import { describeMissingData } from '../data-directory.ts'
import type { Effects } from '../effects.ts'
import { EXIT } from '../exit-codes.ts'
import { toCliError } from '../failures.ts'
import { lines } from '../output/prose.ts'
import { choosePlace } from '../place/choose-place.ts'

/** `skein doctor`: fails when it found an error, also one that keeps the data directory from being opened. */
export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'Check the data directory and this machine; say what is wrong and how to mend it.',
  usage: ['[options]'],
  options: { ...OUTPUT_OPTIONS, ...BACKEND_OPTIONS },
  examples: [{ line: 'skein doctor', says: 'versions, data directory, integrity, free disk' }],
  async run(call, effects) {
    const findings = await examine(call, effects)
    if (call.flag('json')) await effects.writeData(`${JSON.stringify(findings)}\n`)
    else {
      const signs = { ok: 'ok     ', warning: 'WARNING', error: 'ERROR  ' }
      await effects.writeOut(
        lines(findings.map((one) => `${signs[one.severity]}  ${one.subject}: ${one.message}`)),
      )
    }
    return findings.some((one) => one.severity === 'error') ? EXIT.failed : EXIT.ok
  },
}

/** Failures to open that say nothing of the data directory. */
const CALLERS_OWN: ReadonlySet<number | undefined> = new Set([EXIT.usage, EXIT.config, EXIT.notFound])

async function examine(call: CommandCall, effects: Effects): Promise<readonly Finding[]> {
  const place = await choosePlace(call, effects)
  const directory = place.kind === 'data-directory' ? place.dataDirectory : undefined
  // Opening would make one, with an administrator.
  const missing = directory === undefined ? undefined : await describeMissingData(directory)
  if (missing !== undefined) return [{ severity: 'error', subject: 'data directory', message: missing }]
  try {
    await using backend = await openBackend(call, effects)
    return await backend.diagnose()
  } catch (error) {
    if (directory === undefined || effects.signal.aborted || CALLERS_OWN.has(toCliError(error)?.exitCode))
      throw error
    const { inspectDataDirectory } = await import('@timeskein/server')
    return await inspectDataDirectory(directory, error)
  }
}
