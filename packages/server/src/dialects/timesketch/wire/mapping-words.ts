const UNKNOWN_FIELD = /\boption "map" names (.+?), which the input does not have; its fields are /g

/** A sentence about reading, with Timesketch's words (20261014: lib/utils.py) for a column of `headersMapping` that a file does not have. */
export function nameHeadersMapping(sentence: string): string {
  return sentence.replace(
    UNKNOWN_FIELD,
    'Value specified in the headers mapping not found in the CSV\nSources column/s: $1\nAll Headers: ',
  )
}
