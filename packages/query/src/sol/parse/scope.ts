import type { SolSource } from '../program.ts'
import { SOL_TABLES } from '../tables.ts'
import type { Token, TokenReader } from './token-reader.ts'

/** What the names of a program mean at one place of it. */
export interface Scope {
  readonly reader: TokenReader
  /** Tables and data sets that may be asked. */
  readonly tables: ReadonlySet<string>
  /** What was named before. */
  readonly lets: Map<string, NamedValue | NamedPipeline>
  /** Reads a pipeline that stands in parentheses and gives it a name. */
  readonly readInnerPipeline: () => string
}

/** A name that stands for a value of so many parts, names within it followed. */
export interface NamedValue {
  readonly kind: 'value'
  readonly size: number
}
/** A name that stands for rows, and the table they come from. */
export interface NamedPipeline {
  readonly kind: 'pipeline'
  readonly table: string
}

/** True where a name means rows: a table, or a pipeline named before. */
export function isSource(scope: Scope, token: Token): boolean {
  return (
    token.kind === 'name' && (scope.lets.get(token.text)?.kind === 'pipeline' || scope.tables.has(token.text))
  )
}

/** A table or a pipeline named before; `table` is where its rows come from. */
export function readSource(scope: Scope): SolSource & { readonly table: string } {
  const { reader, lets, tables } = scope
  const token = reader.next()
  const known = token.kind === 'name' ? lets.get(token.text) : undefined
  if (known?.kind === 'pipeline') return { kind: 'let', name: token.text, table: known.table }
  if (known === undefined && token.kind === 'name' && tables.has(token.text)) {
    return { kind: 'table', name: token.text, table: token.text }
  }
  const others = [...tables].filter((name) => !SOL_TABLES.includes(name))
  const named = [...lets].flatMap(([name, { kind }]) =>
    kind === 'pipeline' && !name.startsWith('(') ? [name] : [],
  )
  const names = ['events', 'alerts', 'cases', 'intakes', '…', ...others, ...named].slice(0, 20).join(', ')
  return reader.failAt(token, `a table (${names})`)
}
