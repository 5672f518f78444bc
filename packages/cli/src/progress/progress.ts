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
      const text = formatProgress(progress, now - startedAt, effects.columns)
      if (onTerminal) {
        effects.writeError(prose`\r\u001b[2K${text}`)
        hasLine = true
      } else effects.writeError(prose`${text}\n`)
    },
    end() {
      if (hasLine) effects.writeError(prose`\r\u001b[2K`)
      hasLine = false
    },
  }
}

function formatProgress(progress: Progress, elapsedMs: number, columns: number): string {
  const seconds = Math.max(elapsedMs / 1000, 0.001)
  const rate = progress.done / seconds
  // Shown before the cut, for that makes it longer.
  const parts = [showControlCodes(progress.label)]
  if (progress.total !== undefined && progress.total > 0) {
    const share = Math.min(1, progress.done / progress.total)
    const filled = Math.round(share * BAR_WIDTH)
    parts.push(`[${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)}] ${Math.floor(share * 100)} %`)
  } else parts.push(formatAmount(progress.done, progress.unit))
  parts.push(`${formatAmount(rate, progress.unit)}/s`)
  if (progress.total !== undefined && rate > 0 && progress.done > 0)
    parts.push(`${formatSeconds((progress.total - progress.done) / rate)} left`)
  if (progress.note) parts.push(progress.note)
  return parts.join('  ').slice(0, Math.max(20, columns - 1))
}

function formatAmount(amount: number, unit: 'bytes' | 'rows'): string {
  if (unit === 'rows') return `${Math.round(amount).toLocaleString('en')} rows`
  return amount < 1e6 ? `${(amount / 1e3).toFixed(0)} kB` : `${(amount / 1e6).toFixed(1)} MB`
}

function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}
