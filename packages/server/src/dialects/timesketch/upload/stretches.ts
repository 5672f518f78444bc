import { readFileSync } from 'node:fs'
import { appendFile, readFile } from 'node:fs/promises'

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
 * Notes that a stretch of a growing file has come, in the file beside it: a line with its first byte, the byte after its last, and a mark.
 *
 * @param bootMark - Undefined: the stretch is on the disk.
 */
export async function noteStretch(path: string, { start, end }: Stretch, bootMark?: string): Promise<void> {
  await appendFile(path, `${start} ${end} ${bootMark ?? SYNCED}\n`, { mode: 0o600 })
}

/** The stretches that have come, those left out that may have been lost with an earlier run of the machine. */
export async function readStretches(path: string, bootMark?: string): Promise<readonly Stretch[]> {
  return (await readFile(path, 'utf8'))
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, , mark]) => mark === SYNCED || (mark !== undefined && mark === bootMark))
    .map(([start, end]) => ({ start: Number(start), end: Number(end) }))
}

/** The first stretch of a file that none of these covers. */
export function findGap(stretches: readonly Stretch[], totalBytes: number): Stretch | undefined {
  let covered = 0
  for (const { start, end } of stretches.toSorted((a, b) => a.start - b.start)) {
    if (start > covered) return { start: covered, end: start }
    covered = Math.max(covered, end)
  }
  return covered < totalBytes ? { start: covered, end: totalBytes } : undefined
}
