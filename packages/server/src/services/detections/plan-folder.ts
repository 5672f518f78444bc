import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { PlanFiles } from '@timeskein/analyze'
import type { Logger } from 'pino'
import { keepFile } from './keep-file.ts'

/** Plans that are kept: of the rules as they are, for events of a few kinds. */
const MAX_PLANS = 6

/** Keeps plans of rules in a folder, for the next process; those that were made last. */
export class PlanFolder implements PlanFiles {
  readonly #folder: string
  readonly #log: Logger

  constructor(folder: string, log: Logger) {
    this.#folder = folder
    this.#log = log
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    try {
      return await readFile(this.#pathOf(name))
    } catch {
      // Not there, or not to be read: it is made again.
      return undefined
    }
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    try {
      await keepFile(this.#pathOf(name), bytes)
      await this.#dropOld()
    } catch (error) {
      this.#log.warn({ err: error }, 'a plan of rules could not be kept; it is made again next time')
    }
  }

  async #dropOld(): Promise<void> {
    const files = await Promise.all(
      (await readdir(this.#folder)).map(async (file) => {
        const path = join(this.#folder, file)
        return { path, atMs: (await stat(path)).mtimeMs }
      }),
    )
    files.sort((a, b) => b.atMs - a.atMs)
    for (const { path } of files.slice(MAX_PLANS)) await rm(path, { force: true })
  }

  #pathOf(name: string): string {
    return join(this.#folder, `${name}.plan`)
  }
}
