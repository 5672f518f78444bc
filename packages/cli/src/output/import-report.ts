import type { ImportReport } from '../backend/backend.ts'
import { showControlCodes } from './terminal-text.ts'

/** Says what became of each file of an import, with the reasons of rejected rows. */
export function describeImport(report: ImportReport): string {
  const lines: string[] = []
  for (const file of report.files) {
    const parts = [
      `${count(file.read)} read`,
      `${count(file.stored)} stored`,
      `${count(file.rejected)} rejected`,
    ]
    if (file.duplicates > 0) parts.push(`${count(file.duplicates)} known already`)
    lines.push(
      `${showControlCodes(file.path)} (${file.format}): ${parts.join(', ')} in ${file.seconds.toFixed(1)} s`,
    )
    const reasons = Object.entries(file.reasons).map(([reason, rows]) => `${count(rows)} ${reason}`)
    if (reasons.length > 0) lines.push(`  rejected: ${reasons.join(', ')}`)
  }
  return `${lines.join('\n')}\n`
}

function count(rows: number): string {
  return rows.toLocaleString('en')
}
