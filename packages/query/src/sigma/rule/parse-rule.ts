import { isTimeZone } from '../../date-part.ts'
import { MAX_CONDITION_LEAVES, MAX_IDENTIFIERS } from '../limits.ts'
import { SigmaError, type SigmaPlace } from '../problem.ts'
import type { TextLines } from '../yaml/text-lines.ts'
import { entryOf, memberOf, type YamlMap, type YamlNode, type YamlScalar } from '../yaml/yaml-node.ts'
import { type Aggregation, parseAggregation } from './condition/aggregation.ts'
import { type ConditionNode, countLeaves, matchIdentifiers } from './condition/condition.ts'
import { parseCondition } from './condition/parse-condition.ts'
import { parseDetection } from './detection/parse-detection.ts'
import { parseLogSource } from './parse-log-source.ts'
import { parseMeta } from './parse-meta.ts'
import { readMap, readTimespan, unexpected } from './read-members.ts'
import type { Detection, SigmaRule } from './rule.ts'
import { useTimeZone } from './use-time-zone.ts'

/**
 * Reads a detection rule.
 *
 * @throws {SigmaError} Where it is not what the specification says.
 */
export function parseRule(map: YamlMap, lines: TextLines): SigmaRule {
  const { meta, warnings } = parseMeta(map, lines)
  const logSource = parseLogSource(map, lines)
  const detection = readMap(lines, 'detection', expectMember(map, 'detection', lines))
  const detections = useTimeZone(
    parseDetections(detection, ['condition', 'timeframe'], lines),
    readTimeZone(map, lines),
  )
  const scalars = readConditions(expectMember(detection, 'condition', lines), lines)
  const timeframe = memberOf(detection, 'timeframe')
  const timespanMs = timeframe && readTimespan(lines, 'timeframe', timeframe)
  const conditions: ConditionNode[] = []
  let aggregation: Aggregation | undefined
  let leaves = 0
  for (const scalar of scalars) {
    const [text = '', ...rest] = scalar.text.split('|')
    const place = placeOfText(scalar, lines)
    const condition = parseCondition(text, place)
    leaves += countLeaves(condition)
    checkLeaves(leaves, place)
    checkIdentifiers(condition, detections, place)
    conditions.push(condition)
    if (rest.length === 0) continue
    if (scalars.length > 1)
      throw new SigmaError('bad-rule', 'one condition expected beside an aggregation, found several', place)
    aggregation = parseAggregation(rest.join('|'), timespanMs, place)
  }
  const place = lines.placeOf(map.offset)
  const conditionPlace = placeOfText(scalars[0]!, lines)
  return {
    kind: 'rule',
    meta,
    place,
    logSource,
    detections,
    conditions,
    conditionPlace,
    aggregation,
    warnings,
  }
}

/** The zone of `timezone`, by which Sekoia.io's rules reckon times of day. */
function readTimeZone(map: YamlMap, lines: TextLines): string | undefined {
  const node = memberOf(map, 'timezone')
  if (node === undefined) return undefined
  const place = lines.placeOf(node.offset)
  if (node.kind !== 'scalar' || !isTimeZone(node.text))
    throw new SigmaError('bad-rule', 'timezone: a time zone such as Europe/Paris expected', place)
  return node.text
}

/** Reads the search identifiers of a rule or filter. */
export function parseDetections(
  map: YamlMap,
  others: readonly string[],
  lines: TextLines,
): ReadonlyMap<string, Detection> {
  const detections = new Map<string, Detection>()
  const entries = map.entries.filter(({ key }) => !others.includes(key))
  if (entries.length > MAX_IDENTIFIERS)
    throw new SigmaError(
      'bad-rule',
      `at most ${MAX_IDENTIFIERS} search identifiers expected, found ${entries.length}`,
      lines.placeOf(entries[MAX_IDENTIFIERS]!.offset),
    )
  for (const { key, value } of entries) detections.set(key, parseDetection(key, value, lines))
  if (detections.size === 0)
    throw new SigmaError('bad-rule', 'a search identifier expected, found none', lines.placeOf(map.offset))
  return detections
}

/** Reads the condition of a filter: one text. */
export function readConditionText(map: YamlMap, lines: TextLines): { text: string; place: SigmaPlace } {
  const [first, ...others] = readConditions(expectMember(map, 'condition', lines), lines)
  const place = placeOfText(first!, lines)
  if (others.length > 0) throw new SigmaError('bad-rule', 'one condition expected, found several', place)
  return { text: first!.text, place }
}

/** The member of a map that must have it. */
export function expectMember(map: YamlMap, key: string, lines: TextLines): YamlNode {
  const entry = entryOf(map, key)
  if (entry) return entry.value
  throw new SigmaError('bad-rule', `"${key}" expected, found none`, lines.placeOf(map.offset))
}

/**
 * Looks whether conditions are short enough.
 *
 * @param leaves - How many identifiers and patterns they name.
 * @throws {SigmaError}
 */
export function checkLeaves(leaves: number, place: SigmaPlace): void {
  if (leaves <= MAX_CONDITION_LEAVES) return
  const reason = `in the condition, at most ${MAX_CONDITION_LEAVES} names and patterns of search identifiers expected, found ${leaves}`
  throw new SigmaError('bad-rule', reason, place)
}

/**
 * Looks whether all identifiers of a condition are there.
 *
 * @throws {SigmaError}
 */
export function checkIdentifiers(
  condition: ConditionNode,
  detections: ReadonlyMap<string, Detection>,
  place: SigmaPlace,
): void {
  switch (condition.kind) {
    case 'identifier':
      if (!detections.has(condition.name)) {
        const known = [...detections.keys()].map((name) => JSON.stringify(name)).join(', ')
        const reason = `in the condition, one of the search identifiers ${known} expected, found ${JSON.stringify(condition.name)}`
        throw new SigmaError('bad-rule', reason, place)
      }
      return
    case 'some': {
      const found = matchIdentifiers(condition.pattern, detections.keys()).length
      const wanted = condition.count === 'all' ? 1 : condition.count
      if (found >= wanted) return
      const reason = `in the condition, at least ${wanted} search identifier${wanted === 1 ? '' : 's'} like ${JSON.stringify(condition.pattern)} expected, found ${found}`
      throw new SigmaError('bad-rule', reason, place)
    }
    case 'and':
    case 'or':
      for (const part of condition.of) checkIdentifiers(part, detections, place)
      return
    case 'not':
      checkIdentifiers(condition.of, detections, place)
  }
}

function readConditions(node: YamlNode, lines: TextLines): readonly YamlScalar[] {
  const scalars = node.kind === 'list' ? node.items : [node]
  if (scalars.length === 0) throw unexpected(lines, 'condition', 'a text', node)
  return scalars.map((scalar) => {
    if (scalar.kind !== 'scalar' || typeof scalar.value !== 'string')
      throw unexpected(lines, 'condition', 'a text', scalar)
    return scalar
  })
}

/** Where the text of a value begins, behind its quote. */
function placeOfText(scalar: YamlScalar, lines: TextLines): SigmaPlace {
  return lines.placeOf(scalar.offset + (scalar.isQuoted ? 1 : 0))
}
