/** One mark operation on events of an index, in force. */
export interface MarkRecord {
  readonly operationId: string
  /** Its place among the operations of the index; grows. */
  readonly ordinal: number
  readonly kind: 'tag' | 'untag' | 'label' | 'unlabel' | 'attribute' | 'attributes'
  /** The tag or label, or the attribute's name; of `attributes` their names, for people. */
  readonly value: string
  /** Of `attribute`: the value that all of the rows get. */
  readonly json: unknown
  /** Of `attributes`: which rows get which values of which names. */
  readonly gifts?: readonly AttributeGift[]
  readonly sketchId: number
  readonly userId: number
  readonly atUs: bigint
  /** Ascending row numbers. */
  readonly seqs: Uint32Array
}

/** A value of one name, and the rows that get it. */
export interface AttributeGift {
  readonly name: string
  readonly json: unknown
  /** Ascending row numbers. */
  readonly seqs: Uint32Array
}

/** Gifts as the column `json` of the table `marks` has them (docs/formats.md). */
export function writeGifts(gifts: readonly AttributeGift[]): string {
  return JSON.stringify(gifts.map(({ name, json, seqs }) => [name, json ?? null, [...seqs]]))
}

/** What `writeGifts` wrote. */
export function readGifts(text: string): AttributeGift[] {
  const gifts = JSON.parse(text) as [string, unknown, number[]][]
  return gifts.map(([name, json, seqs]) => ({ name, json, seqs: Uint32Array.from(seqs) }))
}
