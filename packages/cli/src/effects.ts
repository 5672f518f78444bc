import type { Prose } from './output/prose.ts'

/** What a command touches of the world. Tests give their own and read what was said. */
export interface Effects {
  /** Results for people. Resolves when the reader can take more. */
  readonly writeOut: (text: Prose) => Promise<void>
  /** Results for programs, byte for byte: JSON, CSV, Arrow. Resolves when the reader can take more. */
  readonly writeData: (data: string | Uint8Array) => Promise<void>
  /** Progress and prose. */
  readonly writeError: (text: Prose) => void
  /** Standard input, as bytes. */
  readonly stdin: AsyncIterable<Uint8Array>
  readonly env: Readonly<Record<string, string | undefined>>
  readonly homeDirectory: string
  readonly platform: NodeJS.Platform
  /** A person reads results (`out`) or progress (`error`) on a terminal. */
  readonly isTerminal: { readonly out: boolean; readonly error: boolean }
  /** Width of the terminal in columns. */
  readonly columns: number
  readonly now: () => number
  /** Aborts at Ctrl-C. */
  readonly signal: AbortSignal
}
