import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { FormatterDefinition } from '@timeskein/ingest'
import { type DomainError, invalid, isDomainError } from '../../errors/domain-error.ts'

/** Bytes of one file of formatters; Plaso's largest has 40 kB. */
const MAX_FILE_BYTES = 4 * 1024 * 1024
/** References to parts of a document that are followed, which can make a small one endless. */
const MAX_ALIASES = 100

/**
 * Reads formatters as Plaso has them in `plaso/data/formatters`: every `.yaml` file of a folder in the order of their names. Those of
 * one file, such as Timesketch's `plaso_formatters.yaml`, come behind ours, which are then for all other data types.
 *
 * @param onBadFile - Told of a file that cannot be read, which is left out. @default throws what it is told
 * @throws {DomainError} `invalid` (`bad-formatter`) with the file and what was expected in it.
 */
export async function readFormatters(
  path: string,
  onBadFile: (error: DomainError) => void = (error) => {
    throw error
  },
): Promise<readonly FormatterDefinition[]> {
  const { OWN_FORMATTERS, readDefinitions } = await import('@timeskein/ingest')
  const isFolder = (await stat(path)).isDirectory()
  const definitions: FormatterDefinition[] = []
  for (const file of isFolder ? await listFiles(path) : [path]) {
    try {
      definitions.push(...readDefinitions(await parseFile(file), basename(file)))
    } catch (error) {
      onBadFile(isDomainError(error) ? error : describeBadFile(file, error))
    }
  }
  if (definitions.length === 0)
    throw invalid(
      'bad-formatter',
      `Cannot read formatters from ${path}: expected .yaml files with formatters of Plaso, found none.`,
    )
  return isFolder ? definitions : [...OWN_FORMATTERS, ...definitions]
}

function describeBadFile(file: string, error: unknown): DomainError {
  const problem = error instanceof Error ? error.message : String(error)
  return invalid('bad-formatter', `Cannot read formatters from ${file}: ${problem}`)
}

async function listFiles(path: string): Promise<readonly string[]> {
  const names = await readdir(path)
  return names
    .filter((name) => name.endsWith('.yaml') || name.endsWith('.yml'))
    .sort()
    .map((name) => join(path, name))
}

/** Documents as Python's YAML 1.1 reads them: keys of mappings keep their type. */
async function parseFile(file: string): Promise<readonly unknown[]> {
  const { size } = await stat(file)
  if (size > MAX_FILE_BYTES)
    throw invalid(
      'bad-formatter',
      `Cannot read formatters from ${file}: expected at most ${MAX_FILE_BYTES} bytes, found ${size}.`,
    )
  const { parseAllDocuments } = await import('yaml')
  return parseAllDocuments(await readFile(file, 'utf8'), { version: '1.1' }).map((document) => {
    const [error] = document.errors
    if (error) throw error
    return document.toJS({ mapAsMap: true, maxAliasCount: MAX_ALIASES })
  })
}
