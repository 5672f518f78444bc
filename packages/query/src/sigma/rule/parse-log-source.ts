import { SigmaError } from '../problem.ts'
import type { TextLines } from '../yaml/text-lines.ts'
import { memberOf, toPlainValue, type YamlMap } from '../yaml/yaml-node.ts'
import { readMap, readText } from './read-members.ts'
import type { LogSource } from './rule.ts'

const OWN_MEMBERS: ReadonlySet<string> = new Set(['category', 'product', 'service', 'definition'])

/** Reads `logsource` of a rule or filter, which must name a category, a product or a service. */
export function parseLogSource(map: YamlMap, lines: TextLines): LogSource {
  const node = memberOf(map, 'logsource')
  if (!node) throw new SigmaError('bad-rule', 'a logsource expected, found none', lines.placeOf(map.offset))
  const members = readMap(lines, 'logsource', node)
  const textOf = (key: string): string | undefined => {
    const value = memberOf(members, key)
    if (value === undefined || (value.kind === 'scalar' && value.value === null)) return undefined
    return readText(lines, `logsource ${key}`, value)
  }
  const [category, product, service] = [textOf('category'), textOf('product'), textOf('service')]
  if (category === undefined && product === undefined && service === undefined) {
    const reason = 'logsource: a category, a product or a service expected, found none of them'
    throw new SigmaError('bad-rule', reason, lines.placeOf(node.offset))
  }
  const custom = members.entries.filter(({ key }) => !OWN_MEMBERS.has(key))
  return {
    category,
    product,
    service,
    definition: textOf('definition'),
    custom: Object.fromEntries(custom.map(({ key, value }) => [key, toPlainValue(value)])),
  }
}

/** True when every member that `wide` names is the same in `narrow`. */
export function containsLogSource(
  wide: Pick<LogSource, 'category' | 'product' | 'service'>,
  narrow: Pick<LogSource, 'category' | 'product' | 'service'>,
): boolean {
  return (['category', 'product', 'service'] as const).every(
    (key) => wide[key] === undefined || wide[key] === narrow[key],
  )
}

/** A log source in words: `windows / process_creation`. */
export function describeLogSource({ product, category, service }: LogSource): string {
  return [product, category, service].filter((part) => part !== undefined).join(' / ')
}
