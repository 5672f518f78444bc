import { openBackend } from '../backend/open-backend.ts'
import { BACKEND_OPTIONS, type Command, OUTPUT_OPTIONS } from '../command.ts'
import { EXIT } from '../exit-codes.ts'

export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'Check the data directory and this machine; say what is wrong and how to mend it.',
  usage: ['[options]'],
  options: { ...OUTPUT_OPTIONS, ...BACKEND_OPTIONS },
  examples: [{ line: 'skein doctor', says: 'versions, data directory, integrity, free disk' }],
  async run(call, effects) {
    await using backend = await openBackend(call, effects)
    const findings = await backend.diagnose()
    if (call.flag('json')) await effects.writeOut(`${JSON.stringify(findings)}\n`)
    else {
      const signs = { ok: 'ok     ', warning: 'WARNING', error: 'ERROR  ' }
      await effects.writeOut(
        `${findings.map((one) => `${signs[one.severity]}  ${one.subject}: ${one.message}`).join('\n')}\n`,
      )
    }
    return findings.some((one) => one.severity === 'error') ? EXIT.failed : EXIT.ok
  },
}
