import { Buffer } from 'node:buffer'
import { HEX_TABLE, LETTER_TABLE, makeKernelModule, RESULT, UNESCAPED_TABLE } from './kernel-code.ts'

/**
 * Looks at text and copies it 16 bytes at a time, by WebAssembly SIMD: JavaScript looks at one byte, at best four, in the
 * same time. The functions are written down in `kernel-code.ts`.
 *
 * A kernel owns one linear memory: a page of its own, the stretch that is being read, room for one row and for marks, and
 * the text of columns. It serves one reader at a time and belongs to one thread. `release` forgets all columns' text at once.
 */
export class TextKernel {
  /** The whole memory. Never grows, so it stays valid. */
  readonly bytes: Uint8Array<ArrayBuffer>
  /** The first word is where `copyString` left the end of what it wrote. */
  readonly words: Int32Array<ArrayBuffer>
  readonly view: DataView<ArrayBuffer>
  /** What `findMarks` found; from `MARKS_START` on, as it is seen in the memory. */
  readonly marks: Uint32Array<ArrayBuffer>
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
  /**
   * Copies a text as it is, and writes it as a member of a JSON object.
   *
   * @param to - Where the copy goes. Up to `COPY_SLACK` bytes behind it are overwritten.
   * @param name - Where in the memory the member's beginning stands, `,"name":"`, of `nameSize` bytes.
   * @param json - Where the member goes: six bytes for each of the text at most, besides the name, and `COPY_SLACK` behind it.
   * @returns Where the member's text ended; its closing quote is the caller's.
   */
  readonly writeCell: (
    from: number,
    size: number,
    to: number,
    name: number,
    nameSize: number,
    json: number,
  ) => number
  readonly #mark: KernelExports['mark']
  #next: number = COLUMNS_START

  constructor() {
    const instance = new wasm.Instance(new wasm.Module(MODULE))
    // `makeKernelModule` exports exactly these.
    const exports = instance.exports as KernelExports
    this.bytes = new Uint8Array(exports.memory.buffer)
    this.words = new Int32Array(exports.memory.buffer, RESULT)
    this.view = new DataView(exports.memory.buffer)
    this.marks = new Uint32Array(exports.memory.buffer, MARKS_START, MAX_MARKED_BYTES + 16)
    this.copyString = exports.copy
    this.writeCell = exports.cell
    this.#mark = exports.mark
    for (const [name, value] of SIMPLE_ESCAPES) {
      this.bytes[UNESCAPED_TABLE + name.charCodeAt(0)] = value.charCodeAt(0)
      if (name !== '/') this.bytes[LETTER_TABLE + value.charCodeAt(0)] = name.charCodeAt(0)
    }
    this.bytes.set(Buffer.from(HEX_OF_CONTROLS), HEX_TABLE)
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

  /**
   * Finds the bytes of a text that are one of three; their offsets in it go to `marks`, ascending.
   *
   * @param bytes - Any text, in the kernel's memory or not.
   * @param end - Exclusive, at most `MAX_MARKED_BYTES` behind `start`.
   * @returns How many there are.
   */
  findMarks(
    bytes: Uint8Array,
    start: number,
    end: number,
    one: number,
    other: number,
    third: number,
  ): number {
    const size = end - start
    let from = bytes.byteOffset + start
    if (bytes.buffer !== this.bytes.buffer) {
      // Memory that threads share is copied eight bytes at a time only where both begin alike.
      from = MARKED_START + (from & 7)
      this.bytes.set(bytes.subarray(start, end), from)
    }
    const to = this.#mark(from, from + size, MARKS_START, one, other, third, from - start)
    let count = (to - MARKS_START) >>> 2
    while (count > 0 && this.marks[count - 1]! >= end) count--
    return count
  }

  /**
   * Puts names into the kernel's own page, where `writeCell` reads them; those put there before are gone.
   *
   * @returns Where each one begins; undefined when they are too long for it.
   */
  keepNames(names: readonly Uint8Array[]): number[] | undefined {
    const starts: number[] = []
    let at = NAMES_START
    for (const name of names) {
      if (at + name.length + COPY_SLACK > PAGE_BYTES) return undefined
      this.bytes.set(name, at)
      starts.push(at)
      at += name.length
    }
    return starts
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

/** Bytes that `copyString` and `writeCell` may write behind their text. */
export const COPY_SLACK = 32

/** Bytes that `findMarks` looks at in one call. */
export const MAX_MARKED_BYTES: number = 64 * 1024

/** Makes a kernel, unless this machine's WebAssembly has no SIMD. */
export function makeTextKernel(): TextKernel | undefined {
  return wasm.validate(MODULE) ? new TextKernel() : undefined
}

interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer }
  readonly copy: TextKernel['copyString']
  readonly cell: TextKernel['writeCell']
  readonly mark: (
    from: number,
    limit: number,
    to: number,
    one: number,
    other: number,
    third: number,
    base: number,
  ) => number
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
const HEX_OF_CONTROLS = Array.from({ length: 32 }, (_, byte) => byte.toString(16).padStart(2, '0')).join('')

const PAGE_BYTES = 65_536
const NAMES_START = 1024
const INPUT_START = PAGE_BYTES
/** Behind the input, its NUL and the 16 bytes that may be read beyond it: a copy of what is marked, and the marks. */
const MARKED_START: number = INPUT_START + MAX_INPUT_BYTES + PAGE_BYTES
const MARKS_START: number = MARKED_START + MAX_MARKED_BYTES + PAGE_BYTES
/** Where one row's source text may be written. */
export const ROW_START: number = MARKS_START + MAX_MARKED_BYTES * 4 + PAGE_BYTES
/** How long it may be, slack and all. */
export const ROW_BYTES: number = 8 * 1024 * 1024
const COLUMNS_START: number = ROW_START + ROW_BYTES
/** Behind it, four times the input's size for columns that double, and room for many small ones. Pages count once they are written. */
const MEMORY_PAGES = 3200
const MEMORY_BYTES: number = MEMORY_PAGES * PAGE_BYTES

const MODULE: Uint8Array<ArrayBuffer> = makeKernelModule(MEMORY_PAGES)
