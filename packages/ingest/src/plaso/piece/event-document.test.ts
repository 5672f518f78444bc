import { expect, it } from 'vitest'
import { PlasoFloat } from './container-value.ts'
import { DocumentWriter } from './event-document.ts'
import { RowText } from './row-text.ts'

/** Keeps what is put into a row, in its order. */
class PartsOfRow extends RowText {
  readonly parts: Uint8Array[] = []

  constructor() {
    super(undefined)
  }

  override put(bytes: Uint8Array): void {
    this.parts.push(bytes)
    super.put(bytes)
  }
}

it.each([
  [256, true],
  [257, false],
])('a name of %i letters is written as it is, and remembered: %s', (length, isRemembered) => {
  const text = new PartsOfRow()
  const document = new DocumentWriter(text)
  const name = 'n'.repeat(length)
  document.addAttributes(new Map([[name, 1]]))
  document.addAttributes(new Map([[name, 2]]))
  expect(text.toString()).toBe(`,"${name}":1,"${name}":2`)
  expect(text.parts[0] === text.parts[1]).toBe(isRemembered)
})

it.each([
  [1, '1.0'],
  [2.5, '2.5'],
  [1e15, '1000000000000000.0'],
  [1e16, '1e+16'],
  [-12345678901234567000, '-1.2345678901234567e+19'],
])('the float %d stays one', (value, written) => {
  const text = new RowText(undefined)
  new DocumentWriter(text).addAttributes(new Map([['share', new PlasoFloat(value)]]))
  expect(text.toString()).toBe(`,"share":${written}`)
})
