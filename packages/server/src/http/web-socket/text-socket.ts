import type { Duplex } from 'node:stream'
import { FrameError, FrameReader, MAX_MESSAGE_BYTES, OPCODES, writeFrame } from './frames.ts'

/** Bytes that may wait to be sent to a client that does not read; beyond that it is cut off. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024
/** How often a silent client is asked whether it is there. */
const PING_MS = 30_000

/** A connection over which texts go both ways (RFC 6455). */
export class TextSocket {
  readonly #stream: Duplex
  readonly #reader = new FrameReader()
  readonly #closed = new AbortController()
  readonly #timer: NodeJS.Timeout
  #parts: Buffer[] = []
  #isAnswered = true
  #onText: ((text: string) => void) | undefined
  #waiting: string[] = []

  /** @param stream - After the handshake. @param head - What came with it already. */
  constructor(stream: Duplex, head: Buffer) {
    this.#stream = stream
    stream.on('data', (bytes: Buffer) => this.#take(bytes))
    stream.on('close', () => this.#end())
    stream.on('error', () => this.#end())
    this.#timer = setInterval(() => this.#ping(), PING_MS)
    this.#timer.unref()
    if (head.length > 0) this.#take(head)
  }

  /** Aborts when the connection has ended. */
  get signal(): AbortSignal {
    return this.#closed.signal
  }

  /** Is told every text from the client, those too that came before. */
  onText(take: (text: string) => void): void {
    this.#onText = take
    const waiting = this.#waiting
    this.#waiting = []
    for (const text of waiting) take(text)
  }

  /** Does nothing after the end. */
  send(text: string): void {
    if (this.signal.aborted) return
    this.#stream.write(writeFrame(OPCODES.text, Buffer.from(text)))
    if (this.#stream.writableLength > MAX_WAITING_BYTES) this.close(1008, 'what is sent is not read')
  }

  /** @param code - Why (RFC 6455, section 7.4.1). @default 1000, done */
  close(code = 1000, reason = ''): void {
    if (this.signal.aborted) return
    const payload = Buffer.alloc(2)
    payload.writeUInt16BE(code)
    this.#stream.end(
      writeFrame(OPCODES.close, Buffer.concat([payload, Buffer.from(reason).subarray(0, 123)])),
    )
    this.#end()
  }

  #take(bytes: Buffer): void {
    if (this.signal.aborted) return
    try {
      for (const { isFinal, opcode, payload } of this.#reader.read(bytes)) {
        this.#isAnswered = true
        if (opcode === OPCODES.close) this.close()
        else if (opcode === OPCODES.ping) this.#stream.write(writeFrame(OPCODES.pong, payload))
        else if (opcode <= OPCODES.binary) this.#takePart(isFinal, payload)
      }
    } catch (error) {
      if (!(error instanceof FrameError)) throw error
      this.close(error.code, error.message)
    }
  }

  #takePart(isFinal: boolean, payload: Buffer): void {
    this.#parts.push(payload)
    if (this.#parts.reduce((sum, part) => sum + part.length, 0) > MAX_MESSAGE_BYTES)
      throw new FrameError(1009, `a message has at most ${MAX_MESSAGE_BYTES} bytes`)
    if (!isFinal) return
    const text = Buffer.concat(this.#parts).toString('utf8')
    this.#parts = []
    if (this.#onText) this.#onText(text)
    else if (this.#waiting.length < 100) this.#waiting.push(text)
  }

  #ping(): void {
    if (!this.#isAnswered) {
      this.#stream.destroy()
      return
    }
    this.#isAnswered = false
    this.#stream.write(writeFrame(OPCODES.ping, Buffer.alloc(0)))
  }

  #end(): void {
    clearInterval(this.#timer)
    this.#closed.abort()
  }
}
