import { Buffer } from 'node:buffer'
import { MAX_MESSAGE_LENGTH } from '../limits.ts'
import type { RowText } from '../piece/row-text.ts'
import { STORED, type StoredMember } from '../piece/stored-attributes.ts'
import type { Piece } from './compile-formatter.ts'
import { fillFormat, removeBreaks, writeValue } from './format-text.ts'
import type { ChangedValues } from './values.ts'

/** A piece with what stands around its value, ready to be copied. */
interface CopiedPiece extends Piece {
  /** In front of the value: of the first piece of a message, and of others with the separator. */
  readonly first: Uint8Array
  readonly next: Uint8Array
  readonly behind: Uint8Array
}

/** Bytes of an empty text. */
const EMPTY_BYTES = 2

/**
 * Compiles pieces to what `Formatter.copy` does; undefined for texts with halves of surrogate pairs, which may meet their other half.
 *
 * @param skipsEmpty - Pieces whose attribute is an empty text are left out, too.
 */
export function compileCopy(
  pieces: readonly Piece[],
  separator: string,
  skipsEmpty: boolean,
): ((values: ChangedValues, text: RowText) => boolean) | undefined {
  const literals = pieces.flatMap(({ format }) => format.filter((part) => typeof part === 'string'))
  if (![separator, ...literals].every((literal) => literal.isWellFormed())) return undefined
  const compiled = pieces.map((piece): CopiedPiece => {
    const { before = '', after = '' } = piece.simple ?? {}
    return {
      ...piece,
      first: Buffer.from(toBody(before)),
      next: Buffer.from(toBody(separator + before)),
      behind: Buffer.from(toBody(after)),
    }
  })
  return (values, text) => {
    const start = text.size
    let isFirst = true
    for (const piece of compiled) {
      const { attribute, simple, first, next } = piece
      const stored =
        attribute !== undefined && simple?.slot.spec === '' ? values.findStored(attribute) : undefined
      if (stored !== undefined && isCopied(stored)) {
        const isInteger = stored.kind === STORED.integer
        if (skipsEmpty && !isInteger && stored.end - stored.start === EMPTY_BYTES) continue
        text.put(isFirst ? first : next)
        if (isInteger) values.stored?.copyValue(stored, text)
        else values.stored?.copyBody(stored, text)
      } else {
        const value = attribute === undefined ? '' : values.get(attribute)
        if (value === undefined || value === null) continue
        if (skipsEmpty && value === '' && attribute !== undefined) continue
        const part = simple ? writeValue(value, simple.slot.spec) : fillFormat(piece.format, values)
        if (part === undefined || !part.isWellFormed()) return false
        text.put(isFirst ? first : next)
        text.write(toBody(part))
      }
      text.put(piece.behind)
      isFirst = false
    }
    return text.size - start <= MAX_MESSAGE_LENGTH
  }
}

/** Whether a value stands in its text as a message shows it. */
function isCopied({ kind, hasBreaks }: StoredMember): boolean {
  return kind === STORED.plainText || kind === STORED.integer || (kind === STORED.text && !hasBreaks)
}

/** A text as the body of a JSON string, without line breaks. */
function toBody(text: string): string {
  return JSON.stringify(removeBreaks(text)).slice(1, -1)
}
