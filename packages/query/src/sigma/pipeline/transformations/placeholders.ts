import { SigmaError } from '../../problem.ts'
import { expandParts, listPlaceholders, parseSigmaString } from '../../rule/sigma-string.ts'
import type { SigmaValue, StringPart } from '../../rule/value.ts'
import type { RunState, Transformation } from '../pipeline.ts'
import type { StepReader } from '../step-reader.ts'
import { changeValues } from '../walk-items.ts'

/** `value_placeholders`: by the pipeline's `vars`. */
export function valuePlaceholders(reader: StepReader): Transformation {
  return replacePlaceholders(reader, (name, run) => {
    const values = Object.hasOwn(run.vars, name) ? run.vars[name] : undefined
    if (values) return values.map((value) => parseSigmaString(value).parts)
    throw new SigmaError(
      'refused-by-pipeline',
      `a value of ${JSON.stringify(name)} in "vars" expected, found none`,
    )
  })
}

/** `wildcard_placeholders`: by `*`. */
export function wildcardPlaceholders(reader: StepReader): Transformation {
  return replacePlaceholders(reader, () => [[{ kind: 'run' }]])
}

/** `query_expression_placeholders`: by a piece of the query language that is printed. */
export function queryExpressionPlaceholders(reader: StepReader): Transformation {
  const handles = readNames(reader)
  const expression = reader.text('expression') ?? ''
  const mapping = reader.node('mapping') ? reader.mapping('mapping') : new Map<string, readonly string[]>()
  return {
    rule: (rule, step, run) =>
      changeValues(rule, step, run, (value): SigmaValue => {
        if (value.kind !== 'string') return value
        const [name] = listPlaceholders(value.parts)
        if (name === undefined) return value
        if (value.parts.length > 1)
          throw new SigmaError(
            'refused-by-pipeline',
            `the placeholder %${name}% alone expected, found text beside it`,
          )
        return handles(name)
          ? { kind: 'query-expression', expression, id: mapping.get(name)?.[0] ?? name }
          : value
      }),
  }
}

/** `file_placeholders`, `http_placeholders`, `command_placeholders` fetch values from outside, which rules may not do. */
export function refuseOutside(reader: StepReader): Transformation {
  const type = reader.requiredText('type')
  const reason = `${type}: nothing is fetched from outside; write the values into "vars" and use value_placeholders`
  throw new SigmaError('bad-pipeline', reason, reader.place)
}

function replacePlaceholders(
  reader: StepReader,
  valuesOf: (name: string, run: RunState) => readonly (readonly StringPart[])[],
): Transformation {
  const handles = readNames(reader)
  return {
    rule: (rule, step, run) =>
      changeValues(rule, step, run, (value, { place }) => {
        if (value.kind !== 'string' && value.kind !== 'regexp') return value
        if (!listPlaceholders(value.parts).some(handles)) return value
        const choose = (part: StringPart): readonly (readonly StringPart[])[] =>
          part.kind === 'placeholder' && handles(part.name) ? valuesOf(part.name, run) : [[part]]
        const variants = expandParts(value.parts, choose, place)
        return variants.map((parts): SigmaValue => ({ ...value, parts }))
      }),
  }
}

/** Which placeholders a step is for: those of `include`, or all but those of `exclude`. */
function readNames(reader: StepReader): (name: string) => boolean {
  const include = reader.texts('include')
  const exclude = reader.texts('exclude')
  if (include && exclude)
    throw new SigmaError('bad-pipeline', '"include" or "exclude" expected, found both', reader.place)
  return (name) => (include ? include.includes(name) : !exclude?.includes(name))
}
