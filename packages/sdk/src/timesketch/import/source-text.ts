/** Bytes or text that rows are read from. */
export type TextSource =
  | Blob
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array | string>
  | Iterable<string>

/**
 * The text of a source, in parts as they come.
 *
 * @param encoding - A label of the Encoding Standard. @default 'utf-8'
 * @param onUndecoded - Told how many characters of a part are lost, since its bytes are none of the encoding: U+FFFD stands for each.
 */
export async function* readText(
  source: TextSource,
  encoding = 'utf-8',
  onUndecoded: (count: number) => void = () => {},
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding)
  const written = new WrittenMarks(decoder.encoding)
  const parts: AsyncIterable<Uint8Array | string> | Iterable<string> =
    source instanceof Blob
      ? readStream(source.stream())
      : source instanceof ReadableStream
        ? readStream(source)
        : source
  let isFirst = true
  const tell = (text: string, own: number): void => {
    const lost = countMarks(text) - own
    if (lost !== 0) onUndecoded(lost)
  }
  for await (const part of parts) {
    const isText = typeof part === 'string'
    const text: string = isText ? part : decoder.decode(part, { stream: true })
    if (!isText) tell(text, written.count(part))
    // The decoder takes the mark of byte order away, a text may have one still.
    yield isFirst ? text.replace(/^\uFEFF/, '') : text
    if (text !== '') isFirst = false
  }
  const rest = decoder.decode()
  tell(rest, 0)
  yield rest
}

const MARK = '\uFFFD'

function countMarks(text: string): number {
  let count = 0
  for (let at = text.indexOf(MARK); at >= 0; at = text.indexOf(MARK, at + 1)) count += 1
  return count
}

/** U+FFFD in UTF-8. */
const WRITTEN_MARK = [0xef, 0xbf, 0xbd] as const

/** Counts U+FFFD where somebody wrote it. Of encodings but UTF-8 hardly any has it. */
class WrittenMarks {
  readonly #isUtf8: boolean
  /** Bytes of one that the last part ended with. */
  #begun = 0

  /** @param encoding - As decoders name it. */
  constructor(encoding: string) {
    this.#isUtf8 = encoding === 'utf-8'
  }

  /** How many end in the next part of the bytes. */
  count(bytes: Uint8Array): number {
    if (!this.#isUtf8) return 0
    let count = 0
    let begun = this.#begun
    for (let at = begun > 0 ? 0 : bytes.indexOf(WRITTEN_MARK[0]); at >= 0 && at < bytes.length; ) {
      begun = bytes[at] === WRITTEN_MARK[begun] ? begun + 1 : bytes[at] === WRITTEN_MARK[0] ? 1 : 0
      at += 1
      if (begun === WRITTEN_MARK.length) {
        count += 1
        begun = 0
      }
      if (begun === 0) at = bytes.indexOf(WRITTEN_MARK[0], at)
    }
    this.#begun = begun
    return count
  }
}

// Not every browser iterates a stream.
async function* readStream(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel().catch(() => {
      // The stream has failed already; that failure is the one to hear of.
    })
  }
}
