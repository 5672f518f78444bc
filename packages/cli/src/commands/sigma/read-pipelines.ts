import { readFile } from 'node:fs/promises'
import { isSigmaError, OWN_PIPELINES, type Pipeline, parsePipeline } from '@timeskein/query/sigma'
import { readWords } from '../../arguments.ts'
import type { RuleFile } from '../../backend/detection-calls.ts'
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

/**
 * The files of `--pipeline`, where ours are chosen by what a timeline holds.
 *
 * @throws {CliError} For one that is not there or cannot be read.
 */
export async function readPipelineFiles(call: CommandCall): Promise<readonly RuleFile[]> {
  const files = readWords(call, 'pipeline')
  const own = files.find((name) => OWN_PIPELINES.has(name))
  if (own !== undefined)
    throw new CliError(
      `--pipeline takes files here: ours are chosen by what a timeline holds; found "${own}"`,
      EXIT.usage,
    )
  const read = async (file: string): Promise<RuleFile> => {
    const text = await readPipelineFile(file, 'files')
    parse(file, text)
    return { file, text }
  }
  return await Promise.all(files.map(read))
}

async function readPipeline(name: string): Promise<Pipeline> {
  const expected = `a file or one of ${[...OWN_PIPELINES.keys()].join(', ')}`
  return parse(name, OWN_PIPELINES.get(name) ?? (await readPipelineFile(name, expected)))
}

function parse(name: string, text: string): Pipeline {
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

async function readPipelineFile(name: string, expected: string): Promise<string> {
  try {
    return await readFile(name, 'utf8')
  } catch (error) {
    throw new CliError(`--pipeline takes ${expected}; found "${name}"`, EXIT.notFound, {
      cause: error,
    })
  }
}
