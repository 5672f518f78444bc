/** Fields by the name they are wanted under: `{ time: 'EventTime' }`; or the first part that is no pair. */
export type ParsedFieldMap =
  | { readonly map: Readonly<Record<string, string>>; readonly badPair?: undefined }
  | { readonly map?: undefined; readonly badPair: string }

/** How pairs are written, for messages. */
export const FIELD_MAP_EXAMPLE = 'time=EventTime,message=Message'

/** Reads which field stands for which, as people type it: `FIELD_MAP_EXAMPLE`. */
export function parseFieldMap(text: string): ParsedFieldMap {
  const pairs: [string, string][] = []
  for (const part of text.split(',')) {
    const equals = part.indexOf('=')
    const wanted = part.slice(0, Math.max(0, equals)).trim()
    const field = part.slice(equals + 1).trim()
    if (wanted === '' || field === '') return { badPair: part }
    pairs.push([wanted, field])
  }
  return { map: Object.fromEntries(pairs) }
}
