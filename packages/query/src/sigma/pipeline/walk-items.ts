import type { Detection, DetectionItem, SigmaRule } from '../rule/rule.ts'
import type { SigmaValue } from '../rule/value.ts'
import { holds } from './condition-test.ts'
import type { PipelineStep, RunState } from './pipeline.ts'

/** What of a step says which items it changes, and its name on them. */
type ItemStep = Pick<PipelineStep, 'id' | 'itemTest' | 'fieldTest'>

/** The step's conditions about an item: about itself, and about the field it names or refers to. */
export function matchesItem(item: DetectionItem, step: ItemStep, run: RunState): boolean {
  return (
    holds(step.itemTest, (condition) => condition(item, run)) &&
    (matchesField(item.field, step, run) ||
      item.values.some((value) => refersTo(value, (field) => matchesField(field, step, run))))
  )
}

function refersTo(value: SigmaValue, matches: (field: string) => boolean): boolean {
  if (value.kind === 'any-of') return value.of.some((one) => refersTo(one, matches))
  return value.kind === 'field-reference' && matches(value.field)
}

export function matchesField(field: string | undefined, step: ItemStep, run: RunState): boolean {
  return holds(step.fieldTest, (condition) => condition(field, run))
}

/**
 * The rule with items replaced where the step's conditions hold.
 *
 * @param change - Gives what stands for the item, the item itself where nothing changes, undefined to drop it.
 */
export function changeItems(
  rule: SigmaRule,
  step: ItemStep,
  run: RunState,
  change: (item: DetectionItem) => Detection | undefined,
): SigmaRule {
  const changeDetection = (detection: Detection): Detection | undefined => {
    if (detection.kind === 'item') {
      if (!matchesItem(detection, step, run)) return detection
      const changed = change(detection)
      return changed === detection || !changed ? changed : markApplied(changed, step.id)
    }
    const of = detection.of.map(changeDetection).filter((part) => part !== undefined)
    return { ...detection, of }
  }
  const detections = new Map(
    [...rule.detections].map(([name, detection]) => [
      name,
      changeDetection(detection) ?? ({ kind: 'group', linking: 'all', of: [] } as const),
    ]),
  )
  return { ...rule, detections }
}

/**
 * The rule with values replaced where the step's conditions hold; several values stand in place of one, and one of them must be there
 * also where all of the item's values must.
 */
export function changeValues(
  rule: SigmaRule,
  step: ItemStep,
  run: RunState,
  change: (value: SigmaValue, item: DetectionItem) => SigmaValue | readonly SigmaValue[],
): SigmaRule {
  return changeItems(rule, step, run, (item) => {
    const changeInside = (value: SigmaValue): readonly SigmaValue[] => {
      if (value.kind === 'any-of') {
        const of = value.of.flatMap(changeInside)
        return of.every((one, at) => one === value.of[at]) ? [value] : [{ kind: 'any-of', of }]
      }
      const changed = change(value, item)
      return isList(changed) ? changed : [changed]
    }
    const values = item.values.flatMap((value) => {
      const of = changeInside(value)
      return item.linking === 'all' && of.length > 1 ? [{ kind: 'any-of', of } as const] : of
    })
    const isSame = values.length === item.values.length && values.every((one, at) => one === item.values[at])
    return isSame ? item : { ...item, values }
  })
}

function isList(value: SigmaValue | readonly SigmaValue[]): value is readonly SigmaValue[] {
  return Array.isArray(value)
}

function markApplied(detection: Detection, id: string | undefined): Detection {
  if (id === undefined) return detection
  if (detection.kind === 'item') return { ...detection, applied: new Set([...detection.applied, id]) }
  return { ...detection, of: detection.of.map((part) => markApplied(part, id)) }
}

/** Every item of a rule. */
export function* listItems(rule: SigmaRule): Generator<DetectionItem> {
  for (const detection of rule.detections.values()) yield* itemsOf(detection)
}

function* itemsOf(detection: Detection): Generator<DetectionItem> {
  if (detection.kind === 'item') yield detection
  else for (const part of detection.of) yield* itemsOf(part)
}
