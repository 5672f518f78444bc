import { MAX_RULE_FILE_LENGTH } from '../limits.ts'
import { SigmaError, type SigmaProblemCode } from '../problem.ts'
import { readMap, unexpected } from '../rule/read-members.ts'
import { readYaml } from '../yaml/read-yaml.ts'
import { TextLines } from '../yaml/text-lines.ts'
import { memberOf, type YamlMap, type YamlNode } from '../yaml/yaml-node.ts'
import { applySteps, renameBySteps } from './apply-pipelines.ts'
import type { Pipeline, PipelineStep, Transformation } from './pipeline.ts'
import { FIELD_CONDITIONS, ITEM_CONDITIONS, RULE_CONDITIONS, readConditions } from './step-conditions.ts'
import { StepReader } from './step-reader.ts'
import { TRANSFORMATIONS } from './transformations/table.ts'

const CODE: SigmaProblemCode = 'bad-pipeline'
const MAX_NESTED_PIPELINES = 10
const OWN_MEMBERS: readonly string[] = [
  'id',
  'type',
  ...['rule', 'detection_item', 'field_name'].flatMap((prefix) =>
    ['conditions', 'cond_expr', 'cond_op', 'cond_not'].map((member) => `${prefix}_${member}`),
  ),
]

/**
 * Reads a processing pipeline in the YAML format of pySigma 1.5 (its documentation, "Processing Pipelines").
 *
 * @throws {SigmaError} `bad-pipeline` with line and column.
 */
export function parsePipeline({ file, text }: { readonly file: string; readonly text: string }): Pipeline {
  const lines = new TextLines(file, text)
  if (text.length > MAX_RULE_FILE_LENGTH)
    throw new SigmaError(
      CODE,
      `at most ${MAX_RULE_FILE_LENGTH} characters expected, found ${text.length}`,
      lines.placeOf(0),
    )
  const documents = readYaml(text).filter(({ root, mistake }) => root || mistake)
  const [document] = documents
  if (document?.mistake)
    throw new SigmaError(CODE, document.mistake.reason, lines.placeOf(document.mistake.offset))
  if (!document?.root || documents.length > 1)
    throw new SigmaError(CODE, `one document expected, found ${documents.length}`, lines.placeOf(0))
  if (document.root.kind !== 'map') throw unexpected(lines, 'a pipeline', 'a map', document.root, CODE)
  const reader = new StepReader(lines, 'a pipeline', document.root, ['allowed_backends'])
  const name = reader.text('name') ?? file
  const priority = reader.number('priority') ?? 0
  const vars = reader.node('vars') ? Object.fromEntries(reader.mapping('vars')) : {}
  const steps = readSteps(reader.node('transformations'), lines, 0)
  const ignored = ['postprocessing', 'finalizers'].filter((part) => reader.node(part))
  reader.finish()
  return { name, priority, vars, steps, ignored }
}

function readSteps(node: YamlNode | undefined, lines: TextLines, depth: number): readonly PipelineStep[] {
  if (!node) return []
  if (node.kind !== 'list') throw unexpected(lines, 'transformations', 'a list', node, CODE)
  return node.items.map((item) => readStep(readMap(lines, 'a transformation', item), lines, depth))
}

function readStep(map: YamlMap, lines: TextLines, depth: number): PipelineStep {
  const reader = new StepReader(lines, 'a transformation', map, OWN_MEMBERS)
  const type = reader.requiredText('type')
  const ruleTest = readConditions(reader, 'rule', RULE_CONDITIONS)
  const itemTest = readConditions(reader, 'detection_item', ITEM_CONDITIONS)
  const fieldTest = readConditions(reader, 'field_name', FIELD_CONDITIONS)
  const transformation = type === 'nest' ? readNest(reader, lines, depth) : makeTransformation(type, reader)
  reader.finish()
  return { id: reader.text('id'), place: reader.place, transformation, ruleTest, itemTest, fieldTest }
}

function makeTransformation(type: string, reader: StepReader): Transformation {
  const make = Object.hasOwn(TRANSFORMATIONS, type) ? TRANSFORMATIONS[type] : undefined
  if (make) return make(reader)
  const known = ['nest', ...Object.keys(TRANSFORMATIONS)].join(', ')
  throw unexpected(reader.lines, 'type', `one of ${known}`, memberOf(reader.map, 'type')!, CODE)
}

/** `nest`: steps that are applied together. */
function readNest(reader: StepReader, lines: TextLines, depth: number): Transformation {
  if (depth >= MAX_NESTED_PIPELINES)
    throw new SigmaError(
      CODE,
      `at most ${MAX_NESTED_PIPELINES} pipelines within each other expected`,
      reader.place,
    )
  const steps = readSteps(reader.required('items'), lines, depth + 1)
  return {
    rule: (rule, _, run) => applySteps(rule, steps, run),
    correlatedField: (field, _, run, target) => renameBySteps(field, steps, run, target),
  }
}
