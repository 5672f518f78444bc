import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { PlanFiles } from '@timeskein/analyze'
import type { Logger } from 'pino'
import { keepFile } from './keep-file.ts'

/** Plans that are kept: of the rules as they are, for events of a few kinds. */
const MAX_PLANS = 6
const ENDING = '.plan'
/** What is no plan after so long is what a process that ended in the middle of writing one left. */
const DRAFT_MS = 3_600_000

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
    const files = await Promise.all((await readdir(this.#folder)).map((name) => this.#look(name)))
    const known = files.filter((file) => file !== undefined).sort((a, b) => b.atMs - a.atMs)
    const plans = known.filter(({ path }) => path.endsWith(ENDING))
    const drafts = known.filter(({ path }) => !path.endsWith(ENDING))
    const old = drafts.filter(({ atMs }) => atMs < Date.now() - DRAFT_MS)
    for (const { path } of [...plans.slice(MAX_PLANS), ...old]) await rm(path, { force: true })
  }

  /** @returns Undefined for one that another process has taken away meanwhile, or made a plan of. */
  async #look(name: string): Promise<{ readonly path: string; readonly atMs: number } | undefined> {
    const path = join(this.#folder, name)
    const found = await stat(path).catch(() => undefined)
    return found && { path, atMs: found.mtimeMs }
  }

  #pathOf(name: string): string {
    return join(this.#folder, `${name}${ENDING}`)
  }
}
