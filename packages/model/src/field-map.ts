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

/** What stands for a wanted field: a field's name, `A+B` for several, `=TEXT` for a constant; or a list of names as they are. */
export type FieldChoice = string | readonly string[]

/**
 * The fields that somebody names. A text is the field of that very name, else several where `+` stands between names.
 *
 * @param isField - Whether there is a field of that name. @default it is not known
 * @returns Never empty.
 */
export function listNamedFields(
  choice: FieldChoice,
  isField: (name: string) => boolean = () => false,
): readonly string[] {
  if (typeof choice !== 'string') return choice
  if (isField(choice)) return [choice]
  const names = choice.split('+').map((name) => name.trim())
  return names.includes('') ? [choice] : names
}

/** The value for all events where a choice is one and no field: that behind `=`. */
export function readConstant(choice: FieldChoice): string | undefined {
  return typeof choice === 'string' && choice.startsWith('=') ? choice.slice(1) : undefined
}
