import { readFileSync } from 'node:fs'
import { open, readFile } from 'node:fs/promises'

/** Bytes of a file. */
export interface Stretch {
  readonly start: number
  /** The byte after its last one. */
  readonly end: number
}

/** Linux: a number that is another after each start of the machine (`random(4)`). */
const BOOT_ID_PATH = '/proc/sys/kernel/random/boot_id'
/** The mark of what is on the disk. */
const SYNCED = 'synced'
/** The mark of what is about to be written over. */
const LOST = 'lost'

/**
 * What marks stretches that were written and not put on the disk: they outlive the process, not the machine's run, by which they
 * are marked. Undefined where the system does not tell its runs apart: stretches are put on the disk before they are noted then.
 */
export function readBootMark(): string | undefined {
  try {
    return readFileSync(BOOT_ID_PATH, 'utf8').trim() || undefined
  } catch {
    return undefined
  }
}

/**
 * Which stretches of a growing file have come, noted in a file beside it: a line for each with its first byte, the byte after its last,
 * and a mark. What may have been lost with an earlier run of the machine, or was to be written over, does not count.
 */
export class NotedStretches {
  readonly #path: string
  readonly #bootMark: string | undefined
  /** In order, none touching the next. */
  #there: readonly Stretch[] = []

  /** @param bootMark - Undefined: what is noted is on the disk. */
  constructor(path: string, bootMark: string | undefined) {
    this.#path = path
    this.#bootMark = bootMark
  }

  /** Of a file that has grown already, or has not begun to. */
  static async read(path: string, bootMark: string | undefined): Promise<NotedStretches> {
    const noted = new NotedStretches(path, bootMark)
    for (const line of (await readText(path)).split('\n')) {
      const [start, end, mark] = line.split(' ')
      const stretch = { start: Number(start), end: Number(end) }
      if (mark === LOST) noted.#remove(stretch)
      else if (mark === SYNCED || (mark !== undefined && mark === bootMark)) noted.#add(stretch)
    }
    return noted
  }

  /** The byte after the last one that has come. */
  get end(): number {
    return this.#there.at(-1)?.end ?? 0
  }

  /** Notes that a stretch has come. */
  async note(stretch: Stretch): Promise<void> {
    await this.#write(stretch, this.#bootMark ?? SYNCED, false)
    this.#add(stretch)
  }

  /** Notes that a stretch is about to be written over: it has not come until it is noted again. */
  async lose(stretch: Stretch): Promise<void> {
    this.#remove(stretch)
    await this.#write(stretch, LOST, this.#bootMark === undefined)
  }

  /** The first stretch of the file that has not come. @param more - Counts as if it had. */
  findGap(totalBytes: number, more?: Stretch): Stretch | undefined {
    const there = more ? joinStretches(this.#there, more) : this.#there
    const [first] = there
    const start = first?.start === 0 ? first.end : 0
    if (start >= totalBytes) return undefined
    return { start, end: there.find((stretch) => stretch.start > start)?.start ?? totalBytes }
  }

  async #write({ start, end }: Stretch, mark: string, isSynced: boolean): Promise<void> {
    const file = await open(this.#path, 'a', 0o600)
    try {
      await file.appendFile(`${start} ${end} ${mark}\n`)
      if (isSynced) await file.sync()
    } finally {
      await file.close()
    }
  }

  #add(stretch: Stretch): void {
    this.#there = joinStretches(this.#there, stretch)
  }

  #remove({ start, end }: Stretch): void {
    this.#there = this.#there.flatMap((other) =>
      [
        { start: other.start, end: Math.min(other.end, start) },
        { start: Math.max(other.start, end), end: other.end },
      ].filter((rest) => rest.start < rest.end),
    )
  }
}

/** Stretches with one more, in order, none touching the next. */
function joinStretches(there: readonly Stretch[], { start, end }: Stretch): readonly Stretch[] {
  const touching = there.filter((other) => other.start <= end && start <= other.end)
  const whole = {
    start: Math.min(start, touching[0]?.start ?? start),
    end: Math.max(end, touching.at(-1)?.end ?? end),
  }
  const others = there.filter((other) => other.start > end || start > other.end)
  return [...others, whole].sort(byStart)
}

function byStart(a: Stretch, b: Stretch): number {
  return a.start - b.start
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}
