/**
 * Tells which strings are within some edits of one: insertions, deletions, substitutions and transpositions of
 * neighbours, no stretch edited twice (optimal string alignment, as Lucene's fuzzy query counts). Counted in code points.
 */
export function compileEditDistance(wanted: string, maxEdits: number): (text: string) => boolean {
  const target = Array.from(wanted, (character) => character.codePointAt(0)!)
  const length = target.length
  let beforeLast = new Int32Array(length + 1)
  let last = new Int32Array(length + 1)
  let current = new Int32Array(length + 1)
  return (text) => {
    // A code point is one or two units.
    if (text.length < length - maxEdits || text.length > 2 * (length + maxEdits)) return false
    for (let i = 0; i <= length; i++) last[i] = i
    let row = 0
    let previous = -1
    for (let at = 0; at < text.length; row++) {
      const codePoint = text.codePointAt(at)!
      at += codePoint > 0xffff ? 2 : 1
      current[0] = row + 1
      let least = row + 1
      for (let i = 1; i <= length; i++) {
        let edits = Math.min(
          last[i]! + 1,
          current[i - 1]! + 1,
          last[i - 1]! + (target[i - 1] === codePoint ? 0 : 1),
        )
        if (i > 1 && target[i - 2] === codePoint && target[i - 1] === previous) {
          edits = Math.min(edits, beforeLast[i - 2]! + 1)
        }
        current[i] = edits
        if (edits < least) least = edits
      }
      // A transposition may still take up from the row before, at one edit more.
      if (least > maxEdits && row > 0 && leastOf(last) >= maxEdits) return false
      const spare = beforeLast
      beforeLast = last
      last = current
      current = spare
      previous = codePoint
    }
    return last[length]! <= maxEdits
  }
}

function leastOf(row: Int32Array): number {
  let least = row[0]!
  for (let i = 1; i < row.length; i++) least = Math.min(least, row[i]!)
  return least
}
