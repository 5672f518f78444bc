import { Buffer } from 'node:buffer'

/**
 * Copies JSON strings 16 bytes at a time, by WebAssembly SIMD: JavaScript looks at one byte, at best four, in the same time.
 *
 * A kernel owns one linear memory: a page of its own, the stretch that is being read, and the text of its columns. It
 * serves one reader at a time and belongs to one thread. `release` forgets all columns' text at once.
 */
export class TextKernel {
  /** The whole memory. Never grows, so it stays valid. */
  readonly bytes: Uint8Array<ArrayBuffer>
  /** The first word is where `copyString` left the end of what it wrote. */
  readonly words: Int32Array<ArrayBuffer>
  readonly view: DataView<ArrayBuffer>
  /**
   * Copies the text of a JSON string, simple escapes resolved, up to its closing quote, a control character, or an escape
   * that is not simple (`\u` or a wrong one).
   *
   * @param from - Offset behind the opening quote.
   * @param to - Where the text goes. Up to `COPY_SLACK` bytes behind it are overwritten.
   * @param limit - Stops here at the latest, or less than 16 bytes behind.
   * @returns Where it stopped; `words[0]` then says where the text ended.
   */
  readonly copyString: (from: number, to: number, limit: number) => number
  #next: number = COLUMNS_START

  constructor() {
    const instance = new wasm.Instance(new wasm.Module(MODULE))
    // The module below exports exactly these.
    const exports = instance.exports as { memory: { buffer: ArrayBuffer }; copy: TextKernel['copyString'] }
    this.bytes = new Uint8Array(exports.memory.buffer)
    this.words = new Int32Array(exports.memory.buffer)
    this.view = new DataView(exports.memory.buffer)
    this.copyString = exports.copy
    for (const [name, value] of SIMPLE_ESCAPES)
      this.bytes[ESCAPE_TABLE + name.charCodeAt(0)] = value.charCodeAt(0)
  }

  /**
   * Takes in a stretch.
   *
   * @returns The same bytes in the kernel's memory, followed by a NUL; undefined when they are more than `MAX_INPUT_BYTES`.
   */
  load(bytes: Uint8Array): Buffer | undefined {
    if (bytes.length > MAX_INPUT_BYTES) return undefined
    this.bytes.set(bytes, INPUT_START)
    this.bytes[INPUT_START + bytes.length] = 0
    return Buffer.from(this.bytes.buffer, INPUT_START, bytes.length)
  }

  /** Room for a column's text; undefined when there is none left. */
  allocate(sizeBytes: number): number | undefined {
    const start = this.#next
    if (start + sizeBytes > MEMORY_BYTES) return undefined
    this.#next = start + ((sizeBytes + 15) & ~15)
    return start
  }

  /** Forgets everything that was allocated. */
  release(): void {
    this.#next = COLUMNS_START
  }
}

/** Stretches up to this size can be taken in. */
export const MAX_INPUT_BYTES: number = 32 * 1024 * 1024

/** Bytes that `copyString` may write behind its text. */
export const COPY_SLACK = 32

/** Makes a kernel, unless this machine's WebAssembly has no SIMD. */
export function makeTextKernel(): TextKernel | undefined {
  return wasm.validate(MODULE) ? new TextKernel() : undefined
}

interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: object }
  validate(bytes: Uint8Array): boolean
}

/** Node's types leave it out; every JavaScript engine this runs on has it. */
const wasm = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly

const SIMPLE_ESCAPES = ['""', '\\\\', '//', 'b\b', 'f\f', 'n\n', 'r\r', 't\t'].map(
  (pair) => [pair[0]!, pair[1]!] as const,
)

const PAGE_BYTES = 65_536
const ESCAPE_TABLE = 256
const INPUT_START = PAGE_BYTES
/** Behind the input, its NUL and the 16 bytes that may be read beyond it. */
const COLUMNS_START: number = INPUT_START + MAX_INPUT_BYTES + PAGE_BYTES
/** Four times the input's size for columns that double, and room for many small ones. Pages count once they are written. */
const MEMORY_PAGES = 3072
const MEMORY_BYTES: number = MEMORY_PAGES * PAGE_BYTES

/**
 * The module, by hand (WebAssembly core specification 2.0, section 5):
 *
 *     (func (export "copy") (param $from i32) (param $to i32) (param $limit i32) (result i32) (local $v v128) (local $n i32)
 *       loop $next
 *         if $from < $limit {
 *         $v = v128.load($from); v128.store($to, $v)
 *         $n = bitmask($v == '"' | $v == '\' | $v < 0x20)
 *         if $n == 0 { $from += 16; $to += 16; continue }
 *         $from += ctz($n); $to += ctz($n)
 *         if load8($from) == '\' and ($n = load8(table + load8($from + 1))) != 0 {
 *           store8($to, $n); $from += 2; $to += 1; continue
 *         }
 *         }
 *       end
 *       store32(0, $to)
 *       $from)
 */
const MODULE: Uint8Array<ArrayBuffer> = makeModule()

function makeModule(): Uint8Array<ArrayBuffer> {
  const [from, to, limit, v, n] = [0, 1, 2, 3, 4]
  const get = (local: number): number[] => [0x20, local]
  const set = (local: number): number[] => [0x21, local]
  const int = (value: number): number[] => [0x41, ...signedLeb(value)]
  const add = [0x6a]
  const addTo = (local: number, value: number[]): number[] => [...get(local), ...value, ...add, ...set(local)]
  const load8 = (offset: number): number[] => [0x2d, 0, ...unsignedLeb(offset)]
  const splat = (byte: number): number[] => [0xfd, 0x0c, ...new Array<number>(16).fill(byte)]
  const [equal, less, or, bitmask] = [
    [0xfd, 0x23],
    [0xfd, 0x26],
    [0xfd, 0x50],
    [0xfd, 0x64],
  ]
  const onlyIf = (body: number[]): number[] => [0x04, 0x40, ...body, 0x0b]
  const step = [
    ...[...get(from), 0xfd, 0x00, 0, 0, ...set(v)],
    ...[...get(to), ...get(v), 0xfd, 0x0b, 0, 0],
    ...[...get(v), ...splat(0x22), ...equal!, ...get(v), ...splat(0x5c), ...equal!, ...or!],
    ...[...get(v), ...splat(0x20), ...less!, ...or!, ...bitmask!, ...set(n)],
    ...[...get(n), 0x45, ...onlyIf([...addTo(from, int(16)), ...addTo(to, int(16)), 0x0c, 2])],
    ...[...addTo(from, [...get(n), 0x68]), ...addTo(to, [...get(n), 0x68])],
    ...[...get(from), ...load8(0), ...int(0x5c), 0x46],
    ...onlyIf([
      ...[...get(from), ...load8(1), ...load8(ESCAPE_TABLE), ...set(n), ...get(n)],
      ...onlyIf([...get(to), ...get(n), 0x3a, 0, 0, ...addTo(from, int(2)), ...addTo(to, int(1)), 0x0c, 3]),
    ]),
  ]
  const body = [
    ...[0x03, 0x40, ...get(from), ...get(limit), 0x49, ...onlyIf(step), 0x0b],
    ...[...int(0), ...get(to), 0x36, 2, 0],
    ...get(from),
    0x0b,
  ]
  const locals = [2, 1, 0x7b, 1, 0x7f]
  const code = [...locals, ...body]
  const name = (text: string): number[] => [text.length, ...Buffer.from(text)]
  const section = (id: number, content: number[]): number[] => [
    id,
    ...unsignedLeb(content.length),
    ...content,
  ]
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 3, 0x7f, 0x7f, 0x7f, 1, 0x7f]),
    ...section(3, [1, 0]),
    ...section(5, [1, 1, ...unsignedLeb(MEMORY_PAGES), ...unsignedLeb(MEMORY_PAGES)]),
    ...section(7, [2, ...name('memory'), 2, 0, ...name('copy'), 0, 0]),
    ...section(10, [1, ...unsignedLeb(code.length), ...code]),
  ])
}

function unsignedLeb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsignedLeb(value >>> 7)]
}

function signedLeb(value: number): number[] {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signedLeb(value >>> 7)]
}
