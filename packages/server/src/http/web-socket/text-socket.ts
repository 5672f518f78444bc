import type { RawData, WebSocket } from 'ws'

/** Bytes that may wait to be sent to a client that does not read; beyond that it is cut off. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024
/** Texts of the client that are kept for whoever will listen. */
const MAX_WAITING_TEXTS = 100
/** How often a silent client is asked whether it is there. */
const PING_MS = 30_000
/** How long a client may take to say goodbye. */
const GOODBYE_MS = 1000
/** RFC 6455, section 7.4.1: the policy is broken. */
const POLICY_VIOLATION = 1008
/** Longest reason of an end, in bytes (RFC 6455, section 5.5). */
const MAX_REASON_BYTES = 123

/** A connection over which texts go both ways. */
export class TextSocket {
  readonly #socket: WebSocket
  readonly #closed = new AbortController()
  readonly #timer: NodeJS.Timeout
  #isAnswered = true
  #onText: ((text: string) => void) | undefined
  #waiting: string[] = []

  constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on('message', (data) => this.#take(data))
    socket.on('pong', () => {
      this.#isAnswered = true
    })
    // What a client does against the protocol ends the connection, which `close` tells.
    socket.on('error', () => {})
    socket.on('close', () => this.#end())
    this.#timer = setInterval(() => this.#ping(), PING_MS)
    this.#timer.unref()
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
    this.#socket.send(text)
    if (this.#socket.bufferedAmount > MAX_WAITING_BYTES)
      this.close(POLICY_VIOLATION, 'what is sent is not read')
  }

  /** @param code - Why (RFC 6455, section 7.4.1). @default 1000, done */
  close(code = 1000, reason = ''): void {
    if (this.signal.aborted) return
    this.#socket.close(code, Buffer.from(reason).subarray(0, MAX_REASON_BYTES))
    setTimeout(() => this.#socket.terminate(), GOODBYE_MS).unref()
    this.#end()
  }

  #take(data: RawData): void {
    if (this.signal.aborted) return
    this.#isAnswered = true
    // One buffer: what other forms there are has to be asked for.
    const text = (data as Buffer).toString('utf8')
    if (this.#onText) this.#onText(text)
    else if (this.#waiting.length < MAX_WAITING_TEXTS) this.#waiting.push(text)
  }

  #ping(): void {
    if (!this.#isAnswered) {
      this.#socket.terminate()
      return
    }
    this.#isAnswered = false
    this.#socket.ping()
  }

  #end(): void {
    clearInterval(this.#timer)
    this.#closed.abort()
  }
}
