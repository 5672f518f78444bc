import type { Effects } from '../effects.ts'
import { prose } from '../output/prose.ts'
import { showControlCodes } from '../output/terminal-text.ts'

/** How far a piece of work is. */
export interface Progress {
  readonly label: string
  readonly done: number
  /** Undefined when nobody can know. */
  readonly total: number | undefined
  readonly unit: 'bytes' | 'rows'
  /** More to say: `12,000 rows`. */
  readonly note?: string
}

/** Draws progress: a bar that rewrites its line on a terminal, a line now and then elsewhere, nothing when quiet. */
export interface ProgressDrawer {
  update(progress: Progress): void
  /** Leaves the line whole. */
  end(): void
}

const TERMINAL_INTERVAL_MS = 100
const LINE_INTERVAL_MS = 5000
/** Before so much is done, how long the rest takes is a guess. */
const FORESEEN_SHARE = 0.005
const BAR_WIDTH = 24

/** Makes the drawer that fits where standard error goes. */
export function createProgressDrawer(effects: Effects, isQuiet: boolean): ProgressDrawer {
  if (isQuiet) return { update: () => {}, end: () => {} }
  const startedAt = effects.now()
  const onTerminal = effects.isTerminal.error
  const intervalMs = onTerminal ? TERMINAL_INTERVAL_MS : LINE_INTERVAL_MS
  let drawnAt = startedAt
  let hasLine = false
  return {
    update(progress) {
      const now = effects.now()
      if (now - drawnAt < intervalMs) return
      drawnAt = now
      if (!onTerminal) {
        effects.writeError(prose`${listParts(progress, now - startedAt).join(', ')}\n`)
        return
      }
      effects.writeError(prose`\r\u001b[2K${drawBar(progress, now - startedAt, effects.columns)}`)
      hasLine = true
    },
    end() {
      if (hasLine) effects.writeError(prose`\r\u001b[2K`)
      hasLine = false
    },
  }
}

function drawBar(progress: Progress, elapsedMs: number, columns: number): string {
  const [label, ...parts] = listParts(progress, elapsedMs)
  const filled = Math.round(shareOf(progress) * BAR_WIDTH)
  const bar = progress.total ? `[${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)}] ` : ''
  return [label, bar + parts.join('  ')].join('  ').slice(0, Math.max(20, columns - 1))
}

/** What there is to say: of what, how far, how fast, how long still, and the note. */
function listParts(progress: Progress, elapsedMs: number): readonly string[] {
  const { label, done, total, unit, note } = progress
  const rate = done / Math.max(elapsedMs / 1000, 0.001)
  // Shown before a cut, for that makes it longer.
  const parts = [showControlCodes(label)]
  parts.push(total ? `${Math.floor(shareOf(progress) * 100)} %` : formatAmount(done, unit))
  parts.push(`${formatAmount(rate, unit)}/s`)
  if (total && done >= total) parts.push('all read')
  else if (total && shareOf(progress) >= FORESEEN_SHARE)
    parts.push(`${formatSeconds((total - done) / rate)} left`)
  if (note) parts.push(note)
  return parts
}

function shareOf({ done, total }: Progress): number {
  return total ? Math.min(1, done / total) : 0
}

function formatAmount(amount: number, unit: 'bytes' | 'rows'): string {
  if (unit === 'rows') return `${Math.round(amount).toLocaleString('en')} rows`
  return amount < 1e6 ? `${(amount / 1e3).toFixed(0)} kB` : `${(amount / 1e6).toFixed(1)} MB`
}

function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}
