/** What stands for a wanted field: a field's name, `A+B` for several, or a list of names as they are. */
export type FieldChoice = string | readonly string[]

/** A field that events get: the values of others, joined to one text. */
export interface JoinedField {
  readonly target: string
  /** Two or more, in the order of the text. */
  readonly fields: readonly string[]
}

/**
 * The fields that somebody names. A text is the field of that very name, else several where `+` stands between names.
 *
 * @param isField - Whether the input has a field of that name. @default it is not known
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

/** What a choice says that is a value for all events and no field (`=Logon`). */
export function readConstant(choice: FieldChoice): string | undefined {
  return typeof choice === 'string' && choice.startsWith('=') ? choice.slice(1) : undefined
}

/** A clause for a mapping's reason, which says what is joined; '' where nothing is. */
export function describeJoinedFields(joined: readonly JoinedField[]): string {
  return joined
    .map(({ target, fields }) => `; ${quote(target)} is joined of ${fields.map(quote).join(', ')}, as asked`)
    .join('')
}

function quote(name: string): string {
  return JSON.stringify(name.slice(0, 80))
}
