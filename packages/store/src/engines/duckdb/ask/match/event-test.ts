import { type DatePart, DatePartReader, type FieldComparison, isInDatePart } from '@timeskein/query'
import { someValueAt } from './source-values.ts'

/** A question that an event as a whole answers. */
export type EventTest = FieldComparison | DatePart

/** Compiles it to a function that looks at what `JSON.parse` made of an event's source. */
export function compileEventTest(test: EventTest): (event: unknown) => boolean {
  if (test.kind === 'date-part') {
    const reader = new DatePartReader(test)
    return (event) =>
      someValueAt(event, test.field, (value) => {
        const number = typeof value === 'string' ? reader.ofText(value) : undefined
        return number !== undefined && isInDatePart(test, number)
      })
  }
  const compare = COMPARE[test.how]
  const fold = test.caseInsensitive
    ? (value: unknown): string => String(value).toLowerCase()
    : (value: unknown): string => String(value)
  return (event) =>
    someValueAt(event, test.field, (value) =>
      someValueAt(event, test.other, (other) => compare(fold(value), fold(other))),
    )
}

const COMPARE: Readonly<Record<FieldComparison['how'], (text: string, other: string) => boolean>> = {
  equal: (text, other) => text === other,
  startswith: (text, other) => text.startsWith(other),
  endswith: (text, other) => text.endsWith(other),
  contains: (text, other) => text.includes(other),
}
