import { readFile } from 'node:fs/promises'
import { isSigmaError, OWN_PIPELINES, type Pipeline, parsePipeline } from '@timeskein/query/sigma'
import { CliError } from '../../cli-error.ts'
import type { CommandCall } from '../../command.ts'
import { EXIT } from '../../exit-codes.ts'

/**
 * The pipelines of `--pipeline`: our own by name, others by file, several with commas between.
 *
 * @throws {CliError} For one that is not there or cannot be read.
 */
export async function readPipelines(call: CommandCall): Promise<readonly Pipeline[]> {
  const names = (call.text('pipeline') ?? '').split(',').filter((name) => name !== '')
  return await Promise.all(names.map(readPipeline))
}

async function readPipeline(name: string): Promise<Pipeline> {
  const text = OWN_PIPELINES.get(name) ?? (await readPipelineFile(name))
  try {
    return parsePipeline({ file: name, text })
  } catch (error) {
    if (!isSigmaError(error)) throw error
    const { line = 1, column = 1 } = error.place ?? {}
    throw new CliError(`${name}, line ${line}, column ${column}: ${error.message}`, EXIT.badInput, {
      cause: error,
    })
  }
}

async function readPipelineFile(name: string): Promise<string> {
  try {
    return await readFile(name, 'utf8')
  } catch (error) {
    const known = [...OWN_PIPELINES.keys()].join(', ')
    throw new CliError(`--pipeline takes a file or one of ${known}; found "${name}"`, EXIT.notFound, {
      cause: error,
    })
  }
}
