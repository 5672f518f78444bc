import { readU16, readU32, requireBytes, toHex } from '../bytes.ts'
import { CHUNK_HEADER_BYTES } from '../limits.ts'
import { RecordError } from '../record-error.ts'
import type { ChunkContext } from './chunk-context.ts'

/** Bytes of a template in front of its tokens: offset of the next one, GUID, size. */
export const DEFINITION_HEAD_BYTES = 24

/** A template and the values that go into it. */
export interface TemplateInstance {
  /** Where the template stands in the chunk. */
  readonly definitionAt: number
  readonly values: ValueTable
  /** Behind the last value. */
  readonly end: number
}

/** The values of an instance: of each its type, its place in the chunk and its size in bytes. */
export interface ValueTable {
  count: number
  types: Uint8Array
  starts: Uint16Array
  sizes: Uint16Array
}

/** A table with room for so many values; `readInstanceInto` gives it more when it needs to. */
export function makeValueTable(capacity: number): ValueTable {
  return {
    count: 0,
    types: new Uint8Array(capacity),
    starts: new Uint16Array(capacity),
    sizes: new Uint16Array(capacity),
  }
}

/** Where an instance's parts are: the template, and the byte behind the last value. Reused from record to record. */
export interface InstanceSpan {
  definitionAt: number
  end: number
}

/**
 * Reads an instance: from behind its token 0c on.
 *
 * @param end - It ends before this byte of the chunk.
 * @throws {RecordError} `missing-template` when what it names is no template or another one; `bad-record`.
 */
export function readInstance(chunk: ChunkContext, at: number, end: number): TemplateInstance {
  const values = makeValueTable(16)
  const span: InstanceSpan = { definitionAt: 0, end: 0 }
  readInstanceInto(chunk, at, end, values, span)
  return { definitionAt: span.definitionAt, values, end: span.end }
}

/** As `readInstance`, into tables that are there already. */
export function readInstanceInto(
  chunk: ChunkContext,
  start: number,
  end: number,
  values: ValueTable,
  span: InstanceSpan,
): void {
  const { bytes } = chunk
  requireBytes(start, 13, end, 'a template instance')
  const id = readU32(bytes, start + 1)
  const definitionAt = readU32(bytes, start + 5)
  let at = start + 9
  requireDefinition(chunk, definitionAt, id)
  if (definitionAt === at) {
    at += DEFINITION_HEAD_BYTES + readU32(bytes, definitionAt + 20)
    requireBytes(at, 4, end, 'the number of values')
  }
  const count = readU32(bytes, at)
  at += 4
  requireBytes(at, count * 4, end, 'descriptors of values')
  if (count > values.types.length) Object.assign(values, makeValueTable(count * 2))
  let value = at + count * 4
  const { types, starts, sizes } = values
  for (let i = 0; i < count; i++, at += 4) {
    const size = readU16(bytes, at)
    sizes[i] = size
    types[i] = bytes[at + 2]!
    starts[i] = value
    value += size
  }
  requireBytes(value, 0, end, 'values')
  values.count = count
  span.definitionAt = definitionAt
  span.end = value
}

/** Descriptor and definition must name the same template: one that was written over is gone. */
function requireDefinition(chunk: ChunkContext, at: number, id: number): void {
  const { bytes } = chunk
  const isInside = at >= CHUNK_HEADER_BYTES && at + DEFINITION_HEAD_BYTES <= bytes.length
  if (isInside && chunk.readTemplateId(at) === id) return
  const found = isInside ? `${toHex(chunk.readTemplateId(at))} there` : 'an offset outside of the chunk'
  throw new RecordError(
    'missing-template',
    `expected the template ${toHex(id)} at ${toHex(at)} of the chunk, found ${found}`,
  )
}
