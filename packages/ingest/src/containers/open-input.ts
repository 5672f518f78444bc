import { randomUUID } from 'node:crypto'
import { type FileHandle, lstat, mkdtemp, open, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { ArchiveLimitError, MAX_SPOOLED_BYTES } from './archive-limits.ts'
import { type ByteSource, ChunkSource, readChunks } from './byte-source.ts'
import { FileSource } from './file-source.ts'
import { openPipe } from './open-pipe.ts'

/** What is to be read: a file (`-` is standard input), or bytes as they come with the name people know them by. */
export type EvidenceInput =
  | { readonly path: string; readonly name?: string }
  | { readonly stream: AsyncIterable<Uint8Array>; readonly name: string }

/** An opened input. Disposing of it closes what was opened. */
export interface OpenedInput extends AsyncDisposable {
  readonly name: string
  readonly source: ByteSource
  /** Undefined for streams. */
  readonly sizeBytes: number | undefined
  /** Microseconds since 1970 when the file was last changed; undefined for streams. */
  readonly changedUs: number | undefined
  /** The file, where it is one that can be read at any place. */
  readonly file: FileHandle | undefined
}

/** An input could not be opened. */
export class InputError extends Error {
  override readonly name = 'InputError'
  readonly code = 'input-not-readable'

  constructor(path: string, problem: string, cause?: unknown) {
    super(`cannot read ${path}: ${problem}`, { cause })
  }
}

/**
 * Opens an input.
 *
 * @param signal - Ends the wait for a named pipe that nobody writes to.
 * @throws {InputError} When there is no such file, it may not be read, or it is a folder.
 */
export async function openInput(input: EvidenceInput, signal?: AbortSignal): Promise<OpenedInput> {
  if ('stream' in input) return wrapStream(input.stream, input.name)
  if (input.path === '-') return wrapStream(process.stdin, input.name ?? '-')
  const name = input.name ?? input.path
  let file: FileHandle
  try {
    if ((await stat(input.path)).isFIFO()) {
      const pipe = await openPipe(input.path, signal)
      return { ...wrapStream(pipe, name), [Symbol.asyncDispose]: async () => void pipe.destroy() }
    }
    file = await open(input.path, 'r')
  } catch (error) {
    throw new InputError(name, describeOpenProblem(error), error)
  }
  const stats = await file.stat()
  if (stats.isDirectory()) {
    await file.close()
    throw new InputError(name, 'expected a file, found a folder')
  }
  const isFile = stats.isFile()
  return {
    name,
    source: new FileSource(file, isFile),
    sizeBytes: isFile ? stats.size : undefined,
    changedUs: isFile ? stats.mtimeMs * 1000 : undefined,
    file: isFile ? file : undefined,
    [Symbol.asyncDispose]: () => file.close(),
  }
}

/**
 * Opens a file that may stand beside an input; undefined where there is none, or none that this user may read.
 *
 * @param options.anyCase - A name that differs in large and small letters does too where this very one is not there. @default false
 */
export async function openFileBeside(
  path: string,
  { anyCase = false }: { readonly anyCase?: boolean } = {},
): Promise<(ByteSource & AsyncDisposable) | undefined> {
  const exact = await openRegular(path)
  if (exact !== undefined || !anyCase) return exact
  const named = await findInAnyCase(path)
  return named === undefined ? undefined : await openRegular(named)
}

async function findInAnyCase(path: string): Promise<string | undefined> {
  const wanted = basename(path).toLowerCase()
  try {
    const names = (await readdir(dirname(path))).filter((name) => name.toLowerCase() === wanted)
    const [first] = names.toSorted()
    return first === undefined ? undefined : join(dirname(path), first)
  } catch {
    // A folder that may not be listed: whatever is in it is not at hand.
    return undefined
  }
}

async function openRegular(path: string): Promise<(ByteSource & AsyncDisposable) | undefined> {
  let file: FileHandle
  try {
    // Opening a pipe would wait for a writer, and a link may lead anywhere.
    if (!(await lstat(path)).isFile()) return undefined
    file = await open(path, 'r')
  } catch {
    return undefined
  }
  const source = new FileSource(file)
  return {
    read: (target, offset) => source.read(target, offset),
    get truncation() {
      return source.truncation
    },
    [Symbol.asyncDispose]: () => file.close(),
  }
}

/**
 * Keeps what is left of a source in a temporary file, for formats that are read from their end.
 *
 * @param directory - Where a folder of its own is made for it, for its owner only.
 * @throws {ArchiveLimitError} When it is more than `MAX_SPOOLED_BYTES`.
 */
export async function spoolToFile(
  source: ByteSource,
  name: string,
  directory: string = tmpdir(),
): Promise<{ readonly file: FileHandle } & AsyncDisposable> {
  const folder = await mkdtemp(join(directory, 'timeskein-'))
  const file = await open(join(folder, randomUUID()), 'wx+', 0o600)
  const dispose = async (): Promise<void> => {
    await file.close()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    let sizeBytes = 0
    for await (const chunk of readChunks(source, 1 << 20)) {
      sizeBytes += chunk.length
      if (sizeBytes > MAX_SPOOLED_BYTES) {
        throw new ArchiveLimitError(
          name,
          'MAX_SPOOLED_BYTES',
          `expected at most ${MAX_SPOOLED_BYTES} bytes, found more`,
        )
      }
      // Unlike `write`, this goes on after a short write.
      await file.appendFile(chunk)
    }
  } catch (error) {
    await dispose()
    throw error
  }
  return { file, [Symbol.asyncDispose]: dispose }
}

function wrapStream(stream: AsyncIterable<Uint8Array>, name: string): OpenedInput {
  return {
    name,
    source: new ChunkSource(stream),
    sizeBytes: undefined,
    changedUs: undefined,
    file: undefined,
    [Symbol.asyncDispose]: async () => {},
  }
}

/** Says why a file cannot be opened. */
export function describeOpenProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'EACCES' || code === 'EPERM') return 'this user may not read it'
  return error instanceof Error ? error.message : String(error)
}
