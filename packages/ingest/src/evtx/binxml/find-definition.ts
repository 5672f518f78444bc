import { readU32, requireBytes } from '../bytes.ts'
import { RecordError } from '../record-error.ts'
import type { ChunkContext, Definition } from './chunk-context.ts'
import { parseFragment } from './parse-fragment.ts'
import { DEFINITION_HEAD_BYTES } from './template-instance.ts'

/**
 * The template that stands at an offset of a chunk; parsed once.
 *
 * @throws {RecordError} `missing-template` when it cannot be parsed: other bytes stand where it was.
 */
export function findDefinition(chunk: ChunkContext, at: number): Definition {
  let found = chunk.definitions.get(at)
  if (found === undefined) {
    found = parseDefinition(chunk, at)
    chunk.definitions.set(at, found)
  }
  if (found instanceof RecordError) throw found
  return found
}

function parseDefinition(chunk: ChunkContext, at: number): Definition | RecordError {
  try {
    const start = at + DEFINITION_HEAD_BYTES
    const sizeBytes = readU32(chunk.bytes, at + 20)
    requireBytes(start, sizeBytes, chunk.bytes.length, 'a template')
    const { nodes } = parseFragment(chunk, start, start + sizeBytes, true)
    const [node] = nodes
    if (nodes.length !== 1 || node?.kind !== 'element')
      throw new RecordError('bad-record', `expected one element in a template, found ${nodes.length} nodes`)
    return { at, root: node.element }
  } catch (error) {
    if (!(error instanceof RecordError)) throw error
    if (error.code === 'over-limit') return error
    return new RecordError('missing-template', `the record's template is damaged: ${error.message}`)
  }
}
