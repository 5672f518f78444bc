import type { VegaSpec } from '@timeskein/analyze'
import type { ReportTable } from './report-table.ts'

/** One part of a report, with all that it shows. */
export type ReportPiece =
  | { readonly kind: 'text'; readonly markdown: string }
  | { readonly kind: 'table'; readonly name: string; readonly table: ReportTable }
  | { readonly kind: 'chart'; readonly name: string; readonly spec: VegaSpec }
  /** What cannot be shown, and why. */
  | { readonly kind: 'missing'; readonly reason: string }
