/** A field that events get: the values of others, joined to one text. */
export interface JoinedField {
  readonly target: string
  /** Two or more, in the order of the text. */
  readonly fields: readonly string[]
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
