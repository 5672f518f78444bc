import { SigmaError } from '../../problem.ts'
import type { SigmaRule } from '../../rule/rule.ts'
import { expandParts, listPlaceholders, parseSigmaString } from '../../rule/sigma-string.ts'
import type { SigmaValue, StringPart } from '../../rule/value.ts'
import type { PipelineStep, RunState, Transformation } from '../pipeline.ts'
import type { StepReader } from '../step-reader.ts'
import { changeValues } from '../walk-items.ts'

/** `value_placeholders`: by the pipeline's `vars`. */
export function valuePlaceholders(reader: StepReader): Transformation {
  return replacePlaceholders(reader, (name, run) => {
    const values = valuesOf(name, run)
    if (values) return values
    throw new SigmaError(
      'refused-by-pipeline',
      `a value of ${JSON.stringify(name)} in "vars" expected, found none`,
    )
  })
}

/** A step without conditions. */
const EVERYWHERE = { id: undefined, itemTest: undefined, fieldTest: undefined }

/** Gives placeholders that are left the values that `vars` have for them; those without stay. */
export function fillPlaceholders(rule: SigmaRule, run: RunState): SigmaRule {
  if (Object.keys(run.vars).length === 0) return rule
  const handles = (name: string): boolean => valuesOf(name, run) !== undefined
  return replaceIn(rule, EVERYWHERE, run, handles, (name) => valuesOf(name, run)!)
}

function valuesOf(name: string, { vars }: RunState): readonly (readonly StringPart[])[] | undefined {
  return Object.hasOwn(vars, name) ? vars[name]!.map((value) => parseSigmaString(value).parts) : undefined
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
  give: (name: string, run: RunState) => readonly (readonly StringPart[])[],
): Transformation {
  const handles = readNames(reader)
  return { rule: (rule, step, run) => replaceIn(rule, step, run, handles, (name) => give(name, run)) }
}

function replaceIn(
  rule: SigmaRule,
  step: Pick<PipelineStep, 'id' | 'itemTest' | 'fieldTest'>,
  run: RunState,
  handles: (name: string) => boolean,
  give: (name: string) => readonly (readonly StringPart[])[],
): SigmaRule {
  return changeValues(rule, step, run, (value, { place }) => {
    if (value.kind !== 'string' && value.kind !== 'regexp') return value
    if (!listPlaceholders(value.parts).some(handles)) return value
    const choose = (part: StringPart): readonly (readonly StringPart[])[] =>
      part.kind === 'placeholder' && handles(part.name) ? give(part.name) : [[part]]
    const variants = expandParts(value.parts, choose, place)
    return variants.map((parts): SigmaValue => ({ ...value, parts }))
  })
}

/** Which placeholders a step is for: those of `include`, or all but those of `exclude`. */
function readNames(reader: StepReader): (name: string) => boolean {
  const include = reader.texts('include')
  const exclude = reader.texts('exclude')
  if (include && exclude)
    throw new SigmaError('bad-pipeline', '"include" or "exclude" expected, found both', reader.place)
  return (name) => (include ? include.includes(name) : !exclude?.includes(name))
}
