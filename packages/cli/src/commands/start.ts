import { CliError } from '../cli-error.ts'
import { type Command, OUTPUT_OPTIONS } from '../command.ts'
import type { Effects } from '../effects.ts'
import { EXAMPLE_QUESTIONS, EXAMPLE_SKETCH } from '../example-case/example-case.ts'
import { EXIT } from '../exit-codes.ts'
import { holdYoungGeneration } from '../server/hold-young-generation.ts'
import { readServeOptions, SERVE_OPTIONS } from './serve.ts'

/** `skein start`: `skein serve` that fills an empty data directory with the example case. What `npm start` runs. */
export const startCommand: Command = {
  name: 'start',
  summary: `Run the server with an example case to look at (${EXAMPLE_QUESTIONS.length} questions answered).`,
  usage: ['[options]'],
  options: { ...SERVE_OPTIONS, quiet: OUTPUT_OPTIONS['quiet'] ?? { type: 'boolean', help: '' } },
  examples: [
    {
      line: 'npm start',
      says: `the first time it makes the sketch "${EXAMPLE_SKETCH}"; after that it keeps everything`,
    },
  ],
  async run(call, effects) {
    const options = readServeOptions(call, effects)
    using loading = holdYoungGeneration()
    const { runServer } = await import('../server/run-server.ts')
    const { tellExampleCase } = await import('../server/tell-example-case.ts')
    const isQuiet = call.flag('quiet')
    await runServer(
      {
        ...options,
        isQuiet,
        whenListening: async (system, address) => {
          loading.release()
          await tellExampleCase(system, address, isQuiet, effects)
        },
      },
      effects,
    ).catch((error: unknown) => {
      throw tellPortToNpm(error, effects)
    })
    return EXIT.ok
  },
}

// npm keeps options for itself that do not stand behind `--`.
function tellPortToNpm(error: unknown, effects: Effects): unknown {
  const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
  if (!isTaken || effects.env['npm_lifecycle_event'] !== 'start') return error
  return new CliError(`${error.message}; choose another: npm start -- --port N`, EXIT.unavailable, {
    cause: error,
  })
}
