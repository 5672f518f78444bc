import type { Range, Regexp, Wildcard } from '@timeskein/query'
import { compileRegexp, compileWildcard } from '../../../../text/terms/vocabulary-match.ts'
import type { ValueKind } from '../../../../value-reading.ts'
import { readNumber, readNumberRange, testNumber } from './number-test.ts'

/** Says of one value, as it is written, whether it answers. */
export type AnyTypeTest = (text: string, kind: ValueKind) => boolean

/** Compiles a question that does not mind types (`anyType`) to a test of one value; its answers are those of a search. */
export function compileAnyTypeTest(query: Wildcard | Regexp | Range): AnyTypeTest {
  switch (query.kind) {
    case 'wildcard':
      return compileWildcard(query.pattern, { caseInsensitive: query.caseInsensitive }).matches
    case 'regexp':
      return compileRegexp(query.pattern, { caseInsensitive: query.caseInsensitive }).matches
    case 'range': {
      const range = readNumberRange(query)
      if (!range) return () => false
      return (text, kind) => {
        if (kind === 'boolean') return false
        const number = kind === 'integer' ? BigInt(text) : kind === 'real' ? Number(text) : readNumber(text)
        return number !== undefined && testNumber(range, number)
      }
    }
  }
}
