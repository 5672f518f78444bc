import { SigmaError } from '../../problem.ts'
import type { Transformation } from '../pipeline.ts'
import type { StepReader } from '../step-reader.ts'
import { eventXml } from './event-xml.ts'
import {
  changeFieldList,
  fieldNameMapping,
  fieldNamePrefix,
  fieldNamePrefixMapping,
  fieldNameSuffix,
} from './fields.ts'
import {
  queryExpressionPlaceholders,
  refuseOutside,
  valuePlaceholders,
  wildcardPlaceholders,
} from './placeholders.ts'
import {
  addCondition,
  changeLogSource,
  itemFailure,
  ruleFailure,
  setCustomAttribute,
  setState,
  strictFieldMappingFailure,
} from './rules.ts'
import {
  changeCase,
  convertType,
  dropItem,
  extractFields,
  hashesFields,
  mapString,
  replaceString,
  setValue,
  toRegexp,
} from './values.ts'

/** Transformations by the names pySigma 1.5 gives them, and `event_xml`, which is ours. `nest` is read with the steps. */
export const TRANSFORMATIONS: Readonly<Record<string, (reader: StepReader) => Transformation>> = {
  field_name_mapping: fieldNameMapping,
  field_name_prefix_mapping: fieldNamePrefixMapping,
  field_name_prefix: fieldNamePrefix,
  field_name_suffix: fieldNameSuffix,
  field_name_transform: refusePython,
  drop_detection_item: dropItem,
  hashes_fields: hashesFields,
  extract_fields: extractFields,
  wildcard_placeholders: wildcardPlaceholders,
  value_placeholders: valuePlaceholders,
  query_expression_placeholders: queryExpressionPlaceholders,
  file_placeholders: refuseOutside,
  http_placeholders: refuseOutside,
  command_placeholders: refuseOutside,
  add_condition: addCondition,
  change_logsource: changeLogSource,
  add_field: changeFieldList('field', (fields, given) => [...fields, ...given]),
  remove_field: changeFieldList('field', (fields, given) => fields.filter((field) => !given.includes(field))),
  set_field: changeFieldList('fields', (_, given) => given),
  replace_string: replaceString,
  map_string: mapString,
  set_state: setState,
  regex: toRegexp,
  set_value: setValue,
  convert_type: convertType,
  rule_failure: ruleFailure,
  detection_item_failure: itemFailure,
  strict_field_mapping_failure: strictFieldMappingFailure,
  set_custom_attribute: setCustomAttribute,
  case: changeCase,
  event_xml: eventXml,
}

function refusePython(reader: StepReader): Transformation {
  const reason =
    'field_name_transform: a function of Python, which a file cannot hold; use field_name_mapping'
  throw new SigmaError('bad-pipeline', reason, reader.place)
}
