import { type PlainRows, RowSet, someValueAt } from '@timeskein/store/texts'
import type { BlockWork } from '../blocks/block-work.ts'
import type { Predicate } from '../plan/predicate.ts'
import { runAtOnce } from '../plan/run-steps.ts'
import { LARGE_SOURCE_BYTES } from '../rows/large-source.ts'
import { MAX_SHORT_UNITS } from '../values/texts.ts'
import { ValueTester } from '../values/value-tester.ts'

/** To find out which predicates the long texts of some fields answer. */
export interface LongTextJob {
  readonly kind: 'long-texts'
  readonly fields: readonly {
    readonly field: string
    readonly predicates: readonly Predicate[]
    /** Rows with a long text in it, counted from `start`. */
    readonly rows: PlainRows
  }[]
  readonly start: number
}

/** Rows with an answer by predicate, counted in the index, and rows whose sources are too large to be looked at in one go. */
export interface LongTextsFound {
  readonly found: ReadonlyMap<number, readonly number[]>
  readonly large: readonly number[]
}

/** Makes ready the testers of all fields. */
export function openLongTextWork({ fields, start }: LongTextJob): BlockWork<LongTextsFound> {
  const asked = fields.map(({ field, predicates, rows }) => ({
    field,
    rows: RowSet.fromPlain(rows),
    tester: runAtOnce(ValueTester.make(predicates)),
  }))
  let found = new Map<number, number[]>()
  let large: number[] = []
  return {
    visit: ({ bytes, offsets }, firstSeq, seqs) => {
      for (const seq of seqs) {
        const [textStart, textEnd] = [offsets[seq - firstSeq]!, offsets[seq - firstSeq + 1]!]
        if (textEnd - textStart > LARGE_SOURCE_BYTES) {
          large.push(seq)
          continue
        }
        const event: unknown = JSON.parse(bytes.toString('utf8', textStart, textEnd))
        for (const { field, rows, tester } of asked) {
          if (!rows.has(seq - start)) continue
          visitLongTexts(event, field, (text) => {
            for (const number of tester.test(text, 'string')) addRow(found, number, seq)
          })
        }
      }
    },
    takeFound: () => {
      const taken = { found, large }
      found = new Map()
      large = []
      return taken
    },
  }
}

/** Tells the texts of a field that are too long for columns. */
export function visitLongTexts(event: unknown, field: string, visit: (text: string) => void): void {
  someValueAt(event, field, (value) => {
    if (typeof value === 'string' && value.length > MAX_SHORT_UNITS) visit(value)
    return false
  })
}

/** Adds a row to those of a predicate, once. */
export function addRow(found: Map<number, number[]>, number: number, row: number): void {
  const rows = found.get(number)
  if (!rows) found.set(number, [row])
  else if (rows.at(-1) !== row) rows.push(row)
}
