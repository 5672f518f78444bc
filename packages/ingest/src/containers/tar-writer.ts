import { Buffer } from 'node:buffer'
import { sumHeader, TAR_BLOCK_BYTES } from './tar-header.ts'

/** One file to be packed. */
export interface TarFile {
  readonly name: string
  readonly sizeBytes: number
  /** Seconds since 1970. */
  readonly changedSeconds: number
  /** As many bytes as `sizeBytes` says; fewer are filled up with zeros, more are left out. */
  readonly content: AsyncIterable<Uint8Array>
}

/** Packs files as a tar archive (POSIX.1-2017 pax: names and sizes of any length). */
export async function* writeTar(files: AsyncIterable<TarFile>): AsyncGenerator<Uint8Array> {
  for await (const { name, sizeBytes, changedSeconds, content } of files) {
    const attributes = Buffer.from(`${writePax('path', name)}${writePax('size', String(sizeBytes))}`)
    yield writeHeader('pax', 'x', attributes.length, changedSeconds)
    yield attributes
    yield Buffer.alloc(-attributes.length & (TAR_BLOCK_BYTES - 1))
    yield writeHeader(Buffer.from(name).toString('utf8', 0, 90), '0', sizeBytes, changedSeconds)
    let left = sizeBytes
    for await (const part of content) {
      const taken = part.subarray(0, left)
      left -= taken.length
      yield taken
    }
    for (; left > 0; left -= Math.min(left, PADDING.length)) yield PADDING.subarray(0, left)
    yield Buffer.alloc(-sizeBytes & (TAR_BLOCK_BYTES - 1))
  }
  yield Buffer.alloc(2 * TAR_BLOCK_BYTES)
}

const PADDING = Buffer.alloc(64 * 1024)
/** What fits into the eleven octal digits of a header; larger sizes stand in the attributes alone. */
const MAX_OCTAL = 8 ** 11 - 1

function writeHeader(name: string, type: string, sizeBytes: number, changedSeconds: number): Buffer {
  const block = Buffer.alloc(TAR_BLOCK_BYTES)
  const writeOctal = (value: number, at: number, digits: number): void => {
    block.write(
      Math.min(MAX_OCTAL, Math.max(0, Math.floor(value)))
        .toString(8)
        .padStart(digits, '0'),
      at,
    )
  }
  block.write(name, 0, 100)
  writeOctal(0o600, 100, 7)
  writeOctal(sizeBytes, 124, 11)
  writeOctal(changedSeconds, 136, 11)
  block.write(type, 156)
  block.write('ustar\x0000', 257, 'latin1')
  writeOctal(sumHeader(block), 148, 6)
  block[155] = 0x20
  return block
}

function writePax(name: string, value: string): string {
  const rest = ` ${name}=${value}\n`
  const restBytes = Buffer.byteLength(rest)
  let sizeBytes = restBytes
  while (String(sizeBytes).length + restBytes !== sizeBytes) sizeBytes = String(sizeBytes).length + restBytes
  return `${sizeBytes}${rest}`
}
