import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Logger } from 'pino'

/** Longest YAML file that is read. */
const MAX_FILE_BYTES = 10_485_760
/** Most files of one folder. */
const MAX_FILES = 5000

/** A YAML file that could be read. */
export interface ConfigFile {
  /** Path under the configuration folder. */
  readonly path: string
  readonly value: unknown
}

interface Known {
  readonly stamp: string
  readonly file: ConfigFile | undefined
}

/**
 * The folder `config` of a data directory: YAML files by which whoever runs the server says what it knows. They are read when they
 * are asked for, and again when they have changed. A file that cannot be read is left out, and the server's log tells why.
 */
export class ConfigFolder {
  readonly #directory: string
  readonly #log: Logger
  readonly #known = new Map<string, Known>()

  constructor(directory: string, log: Logger) {
    this.#directory = directory
    this.#log = log
  }

  /** Where something of that name is, for what has a reader of its own; undefined when there is none. */
  async find(name: string): Promise<string | undefined> {
    const path = join(this.#directory, name)
    return (await stat(path).catch(absent)) && path
  }

  /** One file; undefined when there is none that can be read. */
  async readFile(path: string): Promise<ConfigFile | undefined> {
    const full = join(this.#directory, path)
    const info = await stat(full).catch(absent)
    if (!info?.isFile()) return undefined
    const stamp = `${info.mtimeMs} ${info.size}`
    const known = this.#known.get(path)
    if (known?.stamp === stamp) return known.file
    const file = await this.#parse(path, full, info.size)
    this.#known.set(path, { stamp, file })
    return file
  }

  /** All `.yaml` and `.yml` files of a folder and the folders in it, by path. */
  async readFolder(path: string): Promise<readonly ConfigFile[]> {
    const entries = await readdir(join(this.#directory, path), {
      recursive: true,
      withFileTypes: true,
    }).catch(absent)
    const paths = (entries ?? [])
      .filter((entry) => entry.isFile() && /\.ya?ml$/i.test(entry.name))
      .map((entry) => relative(this.#directory, join(entry.parentPath, entry.name)))
      .sort()
    if (paths.length > MAX_FILES)
      this.#log.warn({ path, files: paths.length }, `only the first ${MAX_FILES} files of a folder are read`)
    const files: ConfigFile[] = []
    for (const one of paths.slice(0, MAX_FILES)) {
      const file = await this.readFile(one)
      if (file) files.push(file)
    }
    return files
  }

  async #parse(path: string, full: string, sizeBytes: number): Promise<ConfigFile | undefined> {
    if (sizeBytes > MAX_FILE_BYTES) {
      this.#log.warn({ path, sizeBytes }, `a configuration file is longer than ${MAX_FILE_BYTES} bytes`)
      return undefined
    }
    const { parse, YAMLParseError } = await import('yaml')
    try {
      return { path, value: parse(await readFile(full, 'utf8')) }
    } catch (error) {
      const where = error instanceof YAMLParseError ? error.linePos?.[0] : undefined
      this.#log.warn({ path, line: where?.line, err: error }, 'a configuration file could not be read')
      return undefined
    }
  }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
  throw error
}
