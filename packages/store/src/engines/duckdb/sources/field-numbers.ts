import type { TermView } from '../../../text/terms/packed-terms.ts'

/** Fields of an index have ids below this; what is above says which view of the field is meant. */
const VIEW_UNIT = 2 ** 30
const VIEWS: readonly TermView[] = ['words', 'whole', 'places']

/** The number that stands for a view of a field in a segment's list of fields (docs/formats.md, section 2). */
export function packFieldNumber(id: number, view: TermView): number {
  return id + VIEWS.indexOf(view) * VIEW_UNIT
}

/** The field and the view that a number stands for. */
export function readFieldNumber(number: number): { readonly id: number; readonly view: TermView } {
  const view = VIEWS[Math.floor(number / VIEW_UNIT)]
  if (!view) throw new RangeError(`words of a segment: a field in one of ${VIEWS.length} views expected`)
  return { id: number % VIEW_UNIT, view }
}
