import type { TextLines } from '../yaml/text-lines.ts'
import type { YamlMap } from '../yaml/yaml-node.ts'
import { countLeaves } from './condition/condition.ts'
import { parseCondition } from './condition/parse-condition.ts'
import { parseLogSource } from './parse-log-source.ts'
import { parseMeta } from './parse-meta.ts'
import {
  checkIdentifiers,
  checkLeaves,
  expectMember,
  parseDetections,
  readConditionText,
} from './parse-rule.ts'
import { readMap, readTexts } from './read-members.ts'
import type { SigmaFilter } from './rule.ts'

/**
 * Reads a filter. `rules: any`, or no rules in the list, means every rule of the log source.
 *
 * @throws {SigmaError}
 */
export function parseFilter(map: YamlMap, lines: TextLines): SigmaFilter {
  const { meta, warnings } = parseMeta(map, lines)
  const section = readMap(lines, 'filter', expectMember(map, 'filter', lines))
  const rules = readTexts(lines, 'rules', expectMember(section, 'rules', lines))
  const isAny = rules.length === 0 || (rules.length === 1 && rules[0]!.toLowerCase() === 'any')
  const detections = parseDetections(section, ['rules', 'condition'], lines)
  const { text, place } = readConditionText(section, lines)
  const condition = parseCondition(text, place)
  checkLeaves(countLeaves(condition), place)
  checkIdentifiers(condition, detections, place)
  return {
    kind: 'filter',
    meta,
    place: lines.placeOf(map.offset),
    logSource: parseLogSource(map, lines),
    rules: isAny ? 'any' : rules,
    detections,
    condition,
    warnings,
  }
}
