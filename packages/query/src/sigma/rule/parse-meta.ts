import type { SigmaProblem } from '../problem.ts'
import type { TextLines } from '../yaml/text-lines.ts'
import { describeNode, toPlainValue, type YamlEntry, type YamlMap, type YamlNode } from '../yaml/yaml-node.ts'
import { RULE_LEVELS, RULE_STATUSES, type RuleMeta } from './rule.ts'

const MAX_TITLE_LENGTH = 256
const RELATIONS: readonly string[] = [
  'derived',
  'obsolete',
  'obsoletes',
  'merged',
  'renamed',
  'similar',
  'correlation',
]
/** Members with a meaning of their own; the others are custom. */
const OWN_MEMBERS: ReadonlySet<string> = new Set([
  'logsource',
  'detection',
  'correlation',
  'filter',
  'action',
])

/**
 * Reads what a rule says of itself. Nothing of it keeps a rule from detecting, so that mistakes become warnings and the
 * member is left out; a rule without a title is called by its id or file.
 */
export function parseMeta(
  map: YamlMap,
  lines: TextLines,
): { readonly meta: RuleMeta; readonly warnings: readonly SigmaProblem[] } {
  const reader = new MetaReader(map, lines)
  return { meta: reader.read(), warnings: reader.warnings }
}

class MetaReader {
  readonly warnings: SigmaProblem[] = []
  readonly #map: YamlMap
  readonly #lines: TextLines
  readonly #entries: Map<string, YamlEntry>
  readonly #title: string | undefined

  constructor(map: YamlMap, lines: TextLines) {
    this.#map = map
    this.#lines = lines
    this.#entries = new Map(map.entries.map((entry) => [entry.key, entry]))
    const title = this.#entries.get('title')?.value
    this.#title = title?.kind === 'scalar' && title.value !== null ? title.text : undefined
  }

  read(): RuleMeta {
    const place = this.#lines.placeOf(this.#map.offset)
    const id = this.#text('id')
    const name = this.#text('name')
    const title = this.#text('title')
    if (title === undefined && !this.#entries.has('title'))
      this.#warnAt(this.#map, 'a title expected, found none')
    if (title !== undefined && title.length > MAX_TITLE_LENGTH)
      this.#warn('title', `at most ${MAX_TITLE_LENGTH} characters expected, found ${title.length}`)
    const meta = {
      title: title ?? name ?? id ?? place.file,
      id,
      name,
      related: this.#related(),
      taxonomy: this.#text('taxonomy') ?? 'sigma',
      status: this.#choice('status', RULE_STATUSES),
      level: this.#choice('level', RULE_LEVELS),
      description: this.#text('description'),
      license: this.#text('license'),
      author: this.#texts('author')?.join(', '),
      references: this.#texts('references') ?? [],
      date: this.#date('date'),
      modified: this.#date('modified'),
      tags: this.#texts('tags') ?? [],
      scope: this.#texts('scope') ?? [],
      fields: this.#texts('fields') ?? [],
      falsepositives: this.#texts('falsepositives') ?? [],
    }
    const custom = [...this.#entries.values()].filter(({ key }) => !OWN_MEMBERS.has(key))
    return { ...meta, custom: Object.fromEntries(custom.map(({ key, value }) => [key, toPlainValue(value)])) }
  }

  #text(key: string): string | undefined {
    const node = this.#take(key)
    if (node === undefined || (node.kind === 'scalar' && node.value === null)) return undefined
    if (node.kind === 'scalar') return node.text
    return this.#warn(key, 'a text expected', node)
  }

  #texts(key: string): readonly string[] | undefined {
    const node = this.#take(key)
    if (node === undefined || (node.kind === 'scalar' && node.value === null)) return undefined
    const items = node.kind === 'list' ? node.items : [node]
    const texts = items.flatMap((item) => (item.kind === 'scalar' && item.value !== null ? [item.text] : []))
    if (texts.length < items.length) this.#warn(key, 'a list of texts expected', node)
    return texts
  }

  #choice<Choice extends string>(key: string, choices: readonly Choice[]): Choice | undefined {
    const node = this.#entries.get(key)?.value
    const text = this.#text(key)
    if (text === undefined || node === undefined) return undefined
    const choice = choices.find((known) => known === text.toLowerCase())
    return choice ?? this.#warn(key, `one of ${choices.join(', ')} expected`, node)
  }

  #date(key: string): string | undefined {
    const node = this.#entries.get(key)?.value
    const text = this.#text(key)
    if (text === undefined || node === undefined) return undefined
    const [, year, month, day] = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ].*)?$/.exec(text.trim()) ?? []
    const date = `${year}-${month?.padStart(2, '0')}-${day?.padStart(2, '0')}`
    if (day !== undefined && !Number.isNaN(Date.parse(date))) return date
    return this.#warn(key, 'a date like 2024-01-31 expected', node)
  }

  #related(): RuleMeta['related'] {
    const node = this.#take('related')
    if (node === undefined) return []
    if (node.kind !== 'list') return this.#warn('related', 'a list expected', node) ?? []
    return node.items.flatMap((item) => {
      const members = item.kind === 'map' ? item.entries : []
      const textOf = (key: string): string | undefined => {
        const value = members.find((entry) => entry.key === key)?.value
        return value?.kind === 'scalar' && value.value !== null ? value.text : undefined
      }
      const [id, type] = [textOf('id'), textOf('type')]
      if (id !== undefined && type !== undefined && RELATIONS.includes(type)) return [{ id, type }]
      const kinds = RELATIONS.filter((one) => one !== 'obsoletes' && one !== 'correlation').join(', ')
      this.#warn('related', `maps with an id and a type (${kinds}) expected`, item)
      return []
    })
  }

  #take(key: string): YamlNode | undefined {
    const node = this.#entries.get(key)?.value
    this.#entries.delete(key)
    return node
  }

  #warn(key: string, expected: string, found?: YamlNode): undefined {
    const sentence = found ? `${expected}, found ${describeNode(found)}` : expected
    this.#warnAt(found ?? this.#map, `${key}: ${sentence}`)
    return undefined
  }

  #warnAt(node: YamlNode, reason: string): void {
    this.warnings.push({ code: 'bad-rule', ...this.#lines.placeOf(node.offset), rule: this.#title, reason })
  }
}
