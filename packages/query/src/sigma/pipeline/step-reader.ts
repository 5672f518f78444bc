import { SigmaError, type SigmaPlace } from '../problem.ts'
import { readBoolean, readMap, readNumber, readText, readTexts, unexpected } from '../rule/read-members.ts'
import type { TextLines } from '../yaml/text-lines.ts'
import { memberOf, toPlainValue, type YamlMap, type YamlNode } from '../yaml/yaml-node.ts'

/** A map of a pipeline, read member by member; what is not asked for is an error at the end. */
export class StepReader {
  readonly lines: TextLines
  readonly map: YamlMap
  readonly #what: string
  readonly #known: Set<string>

  /** @param known - Members that somebody else reads. */
  constructor(lines: TextLines, what: string, map: YamlMap, known: readonly string[]) {
    this.lines = lines
    this.map = map
    this.#what = what
    this.#known = new Set(known)
  }

  get place(): SigmaPlace {
    return this.lines.placeOf(this.map.offset)
  }

  node(key: string): YamlNode | undefined {
    this.#known.add(key)
    const node = memberOf(this.map, key)
    return node?.kind === 'scalar' && node.value === null ? undefined : node
  }

  required(key: string): YamlNode {
    const node = this.node(key)
    if (node) return node
    throw new SigmaError(
      'bad-pipeline',
      `${this.#what}: ${JSON.stringify(key)} expected, found none`,
      this.place,
    )
  }

  text(key: string): string | undefined {
    const node = this.node(key)
    return node && readText(this.lines, this.#name(key), node)
  }

  requiredText(key: string): string {
    return readText(this.lines, this.#name(key), this.required(key))
  }

  texts(key: string): readonly string[] | undefined {
    const node = this.node(key)
    return node && readTexts(this.lines, this.#name(key), node)
  }

  requiredTexts(key: string): readonly string[] {
    return readTexts(this.lines, this.#name(key), this.required(key))
  }

  flag(key: string): boolean {
    const node = this.node(key)
    return node ? readBoolean(this.lines, this.#name(key), node) : false
  }

  number(key: string): number | undefined {
    const node = this.node(key)
    return node && readNumber(this.lines, this.#name(key), node)
  }

  choice<Choice extends string>(key: string, choices: readonly Choice[], standard: Choice): Choice {
    const node = this.node(key)
    if (!node) return standard
    const text = readText(this.lines, this.#name(key), node)
    const choice = choices.find((known) => known === text)
    if (choice !== undefined) return choice
    throw unexpected(this.lines, this.#name(key), `one of ${choices.join(', ')}`, node, 'bad-pipeline')
  }

  /** A plain value: a text, a number, true or false, or null (also where there is none). */
  value(key: string): string | number | boolean | null {
    const node = this.node(key)
    if (!node) return null
    if (node.kind === 'scalar') return node.value
    throw unexpected(this.lines, this.#name(key), 'a value', node, 'bad-pipeline')
  }

  plain(key: string): unknown {
    const node = this.node(key)
    return node && toPlainValue(node)
  }

  /** A map of texts to lists of texts; the key `null` or `~` stays a text here. */
  mapping(key: string): ReadonlyMap<string, readonly string[]> {
    const map = readMap(this.lines, this.#name(key), this.required(key))
    return new Map(
      map.entries.map((entry) => [
        entry.key,
        entry.value.kind === 'list' && entry.value.items.length === 0
          ? []
          : readTexts(this.lines, `${this.#name(key)}, ${entry.key}`, entry.value),
      ]),
    )
  }

  /** An expression of Python's, in ours; it is applied to texts of rules only, never to events. */
  regexp(key: string, flags: string): RegExp {
    return this.toRegexp(this.requiredText(key), key, flags)
  }

  toRegexp(pattern: string, key: string, flags: string): RegExp {
    try {
      return new RegExp(pattern.replaceAll('(?P<', '(?<').replaceAll(/\(\?P=(\w+)\)/g, '\\k<$1>'), flags)
    } catch (cause) {
      const reason = `${this.#name(key)}: a regular expression expected, found ${JSON.stringify(pattern)}`
      throw new SigmaError('bad-pipeline', reason, this.place, { cause })
    }
  }

  /** @throws {SigmaError} When the map has members that nobody read. */
  finish(): void {
    for (const { key, offset } of this.map.entries) {
      if (this.#known.has(key)) continue
      const known = [...this.#known].join(', ')
      const reason = `${this.#what}: one of ${known} expected, found ${JSON.stringify(key)}`
      throw new SigmaError('bad-pipeline', reason, this.lines.placeOf(offset))
    }
  }

  #name(key: string): string {
    return `${this.#what}, ${key}`
  }
}
