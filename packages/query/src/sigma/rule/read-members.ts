import { SigmaError, type SigmaProblemCode } from '../problem.ts'
import type { TextLines } from '../yaml/text-lines.ts'
import { describeNode, type YamlMap, type YamlNode } from '../yaml/yaml-node.ts'

/** The error for a node that is not what was expected. */
export function unexpected(
  lines: TextLines,
  what: string,
  expected: string,
  found: YamlNode,
  code: SigmaProblemCode = 'bad-rule',
): SigmaError {
  return new SigmaError(
    code,
    `${what}: ${expected} expected, found ${describeNode(found)}`,
    lines.placeOf(found.offset),
  )
}

/** A text; numbers and truth values as they are written. */
export function readText(lines: TextLines, what: string, node: YamlNode): string {
  if (node.kind !== 'scalar' || node.value === null) throw unexpected(lines, what, 'a text', node)
  return node.text
}

export function readMap(lines: TextLines, what: string, node: YamlNode): YamlMap {
  if (node.kind !== 'map') throw unexpected(lines, what, 'a map', node)
  return node
}

/** A list of texts, or one text. */
export function readTexts(lines: TextLines, what: string, node: YamlNode): readonly string[] {
  if (node.kind === 'list') return node.items.map((item) => readText(lines, what, item))
  return [readText(lines, what, node)]
}

export function readBoolean(lines: TextLines, what: string, node: YamlNode): boolean {
  if (node.kind !== 'scalar' || typeof node.value !== 'boolean')
    throw unexpected(lines, what, 'true or false', node)
  return node.value
}

export function readNumber(lines: TextLines, what: string, node: YamlNode): number {
  const number = node.kind === 'scalar' && node.value !== null ? Number(node.text) : Number.NaN
  if (!Number.isFinite(number)) throw unexpected(lines, what, 'a number', node)
  return number
}

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  M: 2_629_746,
  y: 31_556_952,
}

/** A time span like `15m`, in milliseconds: seconds, minutes, hours, days; weeks, months (M) and years as pySigma has them. */
export function readTimespan(lines: TextLines, what: string, node: YamlNode): number {
  const text = readText(lines, what, node)
  const [, count, unit = ''] = /^(\d{1,9})([smhdwMy])$/.exec(text.trim()) ?? []
  const seconds = Number(count) * (UNIT_SECONDS[unit] ?? Number.NaN)
  if (!(seconds > 0)) throw unexpected(lines, what, 'a time span like 30s, 15m, 2h or 1d', node)
  return seconds * 1000
}
