import { expect, test } from 'vitest'
import { toCsvLine } from './csv.ts'

test('cells are quoted where they must be, and formulas get an apostrophe', () => {
  expect(toCsvLine(['a', 'b,c', 'd"e', 'f\ng', '=1+1', '@x', '-5', '+1.5e3', '-x', ''])).toBe(
    `a,"b,c","d""e","f\ng",'=1+1,'@x,-5,+1.5e3,'-x,\r\n`,
  )
})
