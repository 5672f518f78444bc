import { SigmaError } from '../../problem.ts'
import { type ConditionNode, nameAdded } from '../../rule/condition/condition.ts'
import { parseItem } from '../../rule/detection/parse-detection.ts'
import { readMap, unexpected } from '../../rule/read-members.ts'
import type { DetectionItem, LogSource, SigmaRule } from '../../rule/rule.ts'
import type { YamlScalar } from '../../yaml/yaml-node.ts'
import type { Transformation } from '../pipeline.ts'
import type { StepReader } from '../step-reader.ts'
import { changeItems, listItems } from '../walk-items.ts'

/** `add_condition`: fields with values beside the rule's own condition; `negated`: none of it. */
export function addCondition(reader: StepReader): Transformation {
  const fields = readMap(
    reader.lines,
    'add_condition, conditions',
    reader.required('conditions'),
  ).entries.map(({ key, value }) => {
    const values = value.kind === 'list' ? value.items : [value]
    const scalars = values.map((one) => {
      if (one.kind === 'scalar') return one
      throw unexpected(reader.lines, `add_condition, ${key}`, 'a value', one, 'bad-pipeline')
    })
    return { key, scalars }
  })
  const name = reader.text('name')
  const isTemplate = reader.flag('template')
  const isNegated = reader.flag('negated')
  const { place } = reader
  const makeItems = (fill: (scalar: YamlScalar) => YamlScalar): readonly DetectionItem[] =>
    fields.map(({ key, scalars }) => parseItem(key, scalars.map(fill), place))
  // Of a template they differ from rule to rule; others are made once for thousands.
  let fixed: readonly DetectionItem[] | undefined
  const itemsFor = ({ logSource }: SigmaRule): readonly DetectionItem[] => {
    if (isTemplate) return makeItems((scalar) => fillTemplate(scalar, logSource))
    fixed ??= makeItems((scalar) => scalar)
    return fixed
  }
  return {
    rule: (rule, step) => {
      const identifier = nameAdded('pipeline', name ?? String(rule.detections.size))
      const applied = new Set(step.id === undefined ? [] : [step.id])
      const of = itemsFor(rule).map((item): DetectionItem => ({ ...item, applied }))
      const detections = new Map(rule.detections).set(identifier, { kind: 'group', linking: 'all', of })
      const own: ConditionNode = { kind: 'identifier', name: identifier }
      const added: ConditionNode = isNegated ? { kind: 'not', of: own } : own
      const conditions = rule.conditions.map(
        (condition): ConditionNode => ({ kind: 'and', of: [added, condition] }),
      )
      return { ...rule, detections, conditions }
    },
  }
}

function fillTemplate(scalar: YamlScalar, logSource: LogSource): YamlScalar {
  if (typeof scalar.value !== 'string') return scalar
  const text = scalar.text.replaceAll(/\$\{?(category|product|service)\}?/g, (_, key: string) =>
    String(logSource[key as 'category' | 'product' | 'service']),
  )
  return { ...scalar, value: text, text }
}

/** `change_logsource`: the whole log source. */
export function changeLogSource(reader: StepReader): Transformation {
  const [category, product, service] = [
    reader.text('category'),
    reader.text('product'),
    reader.text('service'),
  ]
  return { rule: (rule) => ({ ...rule, logSource: { ...rule.logSource, category, product, service } }) }
}

/** `set_custom_attribute`. */
export function setCustomAttribute(reader: StepReader): Transformation {
  const attribute = reader.requiredText('attribute')
  const value = reader.plain('value')
  return {
    rule: (rule) => ({
      ...rule,
      meta: { ...rule.meta, custom: { ...rule.meta.custom, [attribute]: value } },
    }),
  }
}

/** `set_state`. */
export function setState(reader: StepReader): Transformation {
  const key = reader.requiredText('key')
  const value = reader.plain('val')
  return {
    rule: (rule, _, run) => {
      Object.defineProperty(run.state, key, { value, enumerable: true, configurable: true, writable: true })
      return rule
    },
  }
}

/** `rule_failure`: the rule is refused. */
export function ruleFailure(reader: StepReader): Transformation {
  const message = reader.requiredText('message')
  return {
    rule: (rule) => {
      throw new SigmaError('refused-by-pipeline', message, rule.place)
    },
  }
}

/** `detection_item_failure`: a rule with such an item is refused. */
export function itemFailure(reader: StepReader): Transformation {
  const message = reader.requiredText('message')
  return {
    rule: (rule, step, run) =>
      changeItems(rule, step, run, (item) => {
        throw new SigmaError('refused-by-pipeline', message, item.place)
      }),
  }
}

/** `strict_field_mapping_failure`: a rule with a field that no step mapped is refused. */
export function strictFieldMappingFailure(): Transformation {
  return {
    rule: (rule, _, run) => {
      const fields = new Set(listItems(rule).map(({ field }) => field))
      const unknown = [...fields].filter((field) => field !== undefined && !run.mappedFields.has(field))
      if (unknown.length === 0) return rule
      throw new SigmaError(
        'refused-by-pipeline',
        `no mapping for the fields ${unknown.join(', ')}`,
        rule.place,
      )
    },
  }
}
