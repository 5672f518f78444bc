import type { DetectionItem } from '../../rule/rule.ts'
import { openEnds } from '../../rule/sigma-string.ts'
import { askByNames } from '../../rule/split-item.ts'
import type { SigmaValue } from '../../rule/value.ts'
import type { PipelineStep, RunState, Transformation } from '../pipeline.ts'
import type { StepReader } from '../step-reader.ts'
import { changeItems, matchesField } from '../walk-items.ts'

/** New names of a field; undefined where it keeps its own. Keywords have no name. */
type Rename = (field: string | undefined) => readonly string[] | undefined

/** `field_name_mapping`: to one name or several, of which any may be the field's. An empty key is the keywords. */
export function fieldNameMapping(reader: StepReader): Transformation {
  const mapping = reader.mapping('mapping')
  return renameFields((field) => mapping.get(field ?? ''))
}

/** `field_name_prefix_mapping`: names that begin so. */
export function fieldNamePrefixMapping(reader: StepReader): Transformation {
  const mapping = [...reader.mapping('mapping')]
  return renameFields((field) => {
    const found = field === undefined ? undefined : mapping.find(([prefix]) => field.startsWith(prefix))
    return found?.[1].map((start) => start + field!.slice(found[0].length))
  })
}

/** `field_name_prefix` and `field_name_suffix`. */
export function fieldNamePrefix(reader: StepReader): Transformation {
  const prefix = reader.requiredText('prefix')
  return renameFields((field) => (field === undefined ? undefined : [prefix + field]))
}

export function fieldNameSuffix(reader: StepReader): Transformation {
  const suffix = reader.requiredText('suffix')
  return renameFields((field) => (field === undefined ? undefined : [field + suffix]))
}

/** `add_field`, `remove_field`, `set_field`: the rule's list of fields worth looking at. */
export function changeFieldList(
  key: string,
  change: (fields: readonly string[], given: readonly string[]) => readonly string[],
): (reader: StepReader) => Transformation {
  return (reader) => {
    const given = reader.requiredTexts(key)
    return {
      rule: (rule) => ({ ...rule, meta: { ...rule.meta, fields: change(rule.meta.fields, given) } }),
    }
  }
}

function renameFields(rename: Rename): Transformation {
  const renameField = (field: string, step: PipelineStep, run: RunState): readonly string[] => {
    const names = matchesField(field, step, run) ? rename(field) : undefined
    if (!names) return [field]
    trackNames(field, names, step, run)
    return names
  }
  return {
    rule: (rule, step, run) => {
      const renamed = changeItems(rule, step, run, (item) => {
        const values = item.values.map((value) =>
          renameReference(value, (field) => renameField(field, step, run)),
        )
        const isSame = values.every((value, at) => value === item.values[at])
        const names = matchesField(item.field, step, run) ? rename(item.field) : undefined
        const changed = isSame ? item : { ...item, values }
        if (!names) return changed
        if (item.field !== undefined) trackNames(item.field, names, step, run)
        for (const name of names) run.mappedFields.add(name)
        return askByNames(item.field === undefined ? openKeywords(changed) : changed, names)
      })
      const fields = rule.meta.fields.flatMap((field) => renameField(field, step, run))
      return { ...renamed, meta: { ...rule.meta, fields } }
    },
    correlatedField: renameField,
  }
}

/** Which steps made a name what it is goes on to its new names. */
function trackNames(field: string, names: readonly string[], step: PipelineStep, run: RunState): void {
  run.mappedFields.add(field)
  if (names.length === 1 && names[0] === field) return
  const ids = new Set(run.appliedToField.get(field))
  if (step.id !== undefined) ids.add(step.id)
  run.appliedToField.delete(field)
  for (const name of names) run.appliedToField.set(name, ids)
}

function renameReference(value: SigmaValue, rename: (field: string) => readonly string[]): SigmaValue {
  if (value.kind === 'any-of') {
    const of = value.of.map((one) => renameReference(one, rename))
    return of.every((one, at) => one === value.of[at]) ? value : { kind: 'any-of', of }
  }
  if (value.kind !== 'field-reference') return value
  const names = rename(value.field)
  if (names.length === 1 && names[0] === value.field) return value
  const of = names.map((field) => ({ ...value, field }))
  return of.length === 1 ? of[0]! : { kind: 'any-of', of }
}

/** Keywords stand somewhere in the event; in a field they do so too. */
function openKeywords(item: DetectionItem): DetectionItem {
  return {
    ...item,
    values: item.values.map((value) => (value.kind === 'string' ? openEnds(value, true, true) : value)),
  }
}
