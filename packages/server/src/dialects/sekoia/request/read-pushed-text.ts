import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { invalid } from '../../../errors/domain-error.ts'
import type { AppContext } from '../../../http/app-types.ts'

/** Largest body, before and after it is unpacked. */
export const MAX_PUSH_BYTES: number = 32 * 1024 * 1024

const unpack = promisify(gunzip)
const NEW_LINE = 0x0a

/**
 * The body of a push as text, unpacked where it says that it is packed. Lines of a log that are no UTF-8 are read as Windows-1252, in
 * which every byte is a character: none is lost.
 *
 * @throws {DomainError} `invalid` (`bad-content-encoding`, `bad-gzip`, `bad-encoding`): JSON is UTF-8 (RFC 8259, section 8.1).
 */
export async function readPushedText(c: AppContext, content: 'lines' | 'json'): Promise<string> {
  const bytes = await readBytes(c)
  const text = decodeUtf8(bytes)
  if (text !== undefined) return text
  if (content === 'lines') return decodeLines(bytes)
  throw invalid('bad-encoding', 'The body is expected as UTF-8, found bytes that are none.')
}

async function readBytes(c: AppContext): Promise<Uint8Array> {
  const bytes = new Uint8Array(await c.req.arrayBuffer())
  const encoding = (c.req.header('content-encoding') ?? 'identity').trim().toLowerCase()
  if (encoding === 'identity' || encoding === '') return bytes
  if (encoding !== 'gzip' && encoding !== 'x-gzip')
    throw invalid(
      'bad-content-encoding',
      `The Content-Encoding gzip was expected, or none; found ${JSON.stringify(encoding.slice(0, 40))}.`,
    )
  try {
    return await unpack(bytes, { maxOutputLength: MAX_PUSH_BYTES })
  } catch (error) {
    throw invalid(
      'bad-gzip',
      `The body cannot be unpacked: gzip of at most ${MAX_PUSH_BYTES} bytes expected, found ${error instanceof Error ? error.message : 'something else'}.`,
    )
  }
}

/** Undefined for bytes that are no UTF-8. */
function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}

/** Each line for itself: one program of many may write another encoding. */
function decodeLines(bytes: Uint8Array): string {
  const lines: string[] = []
  for (let start = 0; start <= bytes.length; ) {
    const end = bytes.indexOf(NEW_LINE, start)
    const line = bytes.subarray(start, end < 0 ? bytes.length : end)
    lines.push(decodeUtf8(line) ?? new TextDecoder('windows-1252').decode(line))
    start += line.length + 1
  }
  return lines.join('\n')
}
