/** Longest message that is taken, in bytes. */
export const MAX_MESSAGE_BYTES = 1_048_576

/** What a frame is (RFC 6455, section 5.2). */
export const OPCODES = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

/** A frame as it came, unmasked. */
export interface Frame {
  readonly isFinal: boolean
  readonly opcode: number
  readonly payload: Buffer
}

/** A client that does not keep to the protocol; `code` is what it is told (RFC 6455, section 7.4.1). */
export class FrameError extends Error {
  override readonly name = 'FrameError'
  readonly code: 1002 | 1009

  constructor(code: 1002 | 1009, message: string) {
    super(message)
    this.code = code
  }
}

/**
 * Takes frames of a client out of bytes as they come.
 *
 * Layout (RFC 6455, section 5.2): FIN and opcode, MASK and length of 7 bits (126: 16 bits follow, 127: 64 bits), four bytes of mask,
 * the payload with the mask laid over it.
 */
export class FrameReader {
  #bytes: Buffer = Buffer.alloc(0)

  /** @throws {FrameError} For what no client may send. */
  read(more: Buffer): readonly Frame[] {
    this.#bytes = this.#bytes.length === 0 ? more : Buffer.concat([this.#bytes, more])
    const frames: Frame[] = []
    for (let frame = this.#takeFrame(); frame; frame = this.#takeFrame()) frames.push(frame)
    return frames
  }

  #takeFrame(): Frame | undefined {
    const bytes = this.#bytes
    if (bytes.length < 2) return undefined
    const [first, second] = [bytes[0]!, bytes[1]!]
    if ((first & 0x70) !== 0) throw new FrameError(1002, 'a frame of an extension that was not agreed on')
    if ((second & 0x80) === 0) throw new FrameError(1002, 'a frame of a client without a mask')
    const short = second & 0x7f
    const opcode = first & 0x0f
    if (opcode >= OPCODES.close && (short > 125 || (first & 0x80) === 0))
      throw new FrameError(1002, 'a control frame that is too long or in parts')
    const lengthBytes = short === 127 ? 8 : short === 126 ? 2 : 0
    const head = 2 + lengthBytes + 4
    if (bytes.length < head) return undefined
    const length =
      short === 127 ? Number(bytes.readBigUInt64BE(2)) : short === 126 ? bytes.readUInt16BE(2) : short
    if (length > MAX_MESSAGE_BYTES)
      throw new FrameError(1009, `a message has at most ${MAX_MESSAGE_BYTES} bytes`)
    if (bytes.length < head + length) return undefined
    const mask = bytes.subarray(head - 4, head)
    const payload = Buffer.from(bytes.subarray(head, head + length))
    for (let at = 0; at < length; at++) payload[at]! ^= mask[at % 4]!
    this.#bytes = bytes.subarray(head + length)
    return { isFinal: (first & 0x80) !== 0, opcode, payload }
  }
}

/** A whole frame of a server, which lays no mask over it. */
export function writeFrame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload
  const head =
    length < 126
      ? Buffer.from([0x80 | opcode, length])
      : length < 65_536
        ? Buffer.from([0x80 | opcode, 126, length >> 8, length & 0xff])
        : Buffer.concat([Buffer.from([0x80 | opcode, 127]), writeLength(length)])
  return Buffer.concat([head, payload])
}

function writeLength(length: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(length))
  return bytes
}
