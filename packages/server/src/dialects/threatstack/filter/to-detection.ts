import type { Filter } from './parse-filter.ts'

/** The detection of a Sigma rule: named selections and the condition over them. */
export type Detection = Record<string, unknown> & { condition: string }

type Compare = Extract<Filter, { kind: 'compare' }>

/** Operators of Sigma that compare as those do, as suffixes of fields. */
const MODIFIERS: Readonly<Record<string, string>> = {
  starts_with: '|startswith',
  ends_with: '|endswith',
  contains: '|contains',
  matches: '|re',
  '<': '|lt',
  '<=': '|lte',
  '>': '|gt',
  '>=': '|gte',
}

/** A rule's filter as a detection of Sigma, with exceptions that keep events away from it. */
export function toDetection(filter: Filter, exceptions: readonly Filter[] = []): Detection {
  const selections: Record<string, unknown> = {}
  const write = (part: Filter): string => {
    if (part.kind === 'not') return `not (${write(part.of)})`
    if (part.kind !== 'compare') return part.of.map((one) => `(${write(one)})`).join(` ${part.kind} `)
    const name = `part_${Object.keys(selections).length + 1}`
    selections[name] = toSelection(part)
    return part.operator === '!=' ? `not ${name}` : name
  }
  const whole: Filter =
    exceptions.length === 0
      ? filter
      : { kind: 'and', of: [filter, ...exceptions.map((of): Filter => ({ kind: 'not', of }))] }
  const condition = write(whole)
  return { ...selections, condition }
}

function toSelection({ field, operator, values }: Compare): Record<string, unknown> {
  if (operator === 'exists') return { [`${field}|exists`]: true }
  const modifier = MODIFIERS[operator] ?? ''
  if (operator === 'matches') return { [field + modifier]: String(values[0]) }
  const written = values.map((value) =>
    typeof value === 'number' ? value : operator === 'like' ? toPattern(value) : escapeWildcards(value),
  )
  return { [field + modifier]: written.length === 1 ? written[0] : written }
}

/** In Sigma `*` and `?` stand for anything, and a backslash before them takes that away. */
function escapeWildcards(value: string): string {
  return value.replace(/\\(?=[*?\\])|[*?]/g, '\\$&')
}

function toPattern(value: string): string {
  return value.split('%').map(escapeWildcards).join('*')
}
