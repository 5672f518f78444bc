import { MAX_COLLECTION_LENGTH, MAX_RULE_FILE_LENGTH, MAX_RULE_LENGTH } from '../limits.ts'
import { SigmaError, type SigmaProblem, toProblem } from '../problem.ts'
import { readYaml } from '../yaml/read-yaml.ts'
import { TextLines } from '../yaml/text-lines.ts'
import { memberOf, mergeMaps, withoutMember, type YamlMap } from '../yaml/yaml-node.ts'
import { parseCorrelation } from './parse-correlation.ts'
import { parseFilter } from './parse-filter.ts'
import { parseRule } from './parse-rule.ts'
import { readMap, readText, unexpected } from './read-members.ts'
import type { SigmaDocument } from './rule.ts'

/** A file of rules as text. */
export interface SigmaSource {
  /** Its name in messages. */
  readonly file: string
  readonly text: string
}

/** What a file of rules holds. */
export interface ParsedSource {
  readonly documents: readonly SigmaDocument[]
  /** What could not be read, one for each rule. */
  readonly problems: readonly SigmaProblem[]
  /** Documents of it act on others: a rule may be made of more than one. */
  readonly isCollection: boolean
}

/**
 * Reads the rules, correlations and filters of a file. What is wrong with one of them is told and spoils no other.
 *
 * A file may be a collection: `action: global` adds to every rule behind it, `reset` forgets that, `repeat` is the rule before it with
 * some of it changed.
 */
export function parseSigmaDocuments({ file, text }: SigmaSource): ParsedSource {
  const lines = new TextLines(file, text)
  const refuse = (reason: string): ParsedSource => ({
    documents: [],
    isCollection: false,
    problems: [{ code: 'bad-yaml', ...lines.placeOf(0), rule: undefined, reason }],
  })
  if (text.length > MAX_RULE_FILE_LENGTH)
    return refuse(`at most ${MAX_RULE_FILE_LENGTH} characters expected, found ${text.length}`)
  const read = readYaml(text)
  const most = Math.floor(MAX_COLLECTION_LENGTH / text.length)
  const isCollection = read.some(({ root }) => memberOf(root, 'action'))
  if (isCollection && read.length > most)
    return refuse(
      `in a collection of ${text.length} characters at most ${most} documents expected, found ${read.length}`,
    )
  const documents: SigmaDocument[] = []
  const problems: SigmaProblem[] = []
  const collection = new Collection(lines)
  for (const [number, { root, mistake, offset }] of read.entries()) {
    if (!root && !mistake) continue
    const title = memberOf(root, 'title')
    try {
      const length = (read[number + 1]?.offset ?? text.length) - offset
      if (length > MAX_RULE_LENGTH)
        throw new SigmaError('bad-rule', `at most ${MAX_RULE_LENGTH} characters expected, found ${length}`)
      if (mistake) throw new SigmaError('bad-yaml', mistake.reason, lines.placeOf(mistake.offset))
      const map = collection.next(readMap(lines, 'a rule', root!))
      if (map) documents.push(parseDocument(map, lines))
    } catch (error) {
      const name = title?.kind === 'scalar' ? title.text : collection.titleOfGlobal
      problems.push(toProblem(error, lines.placeOf(offset), name))
    }
  }
  return { documents, problems, isCollection }
}

function parseDocument(map: YamlMap, lines: TextLines): SigmaDocument {
  if (memberOf(map, 'correlation')) return parseCorrelation(map, lines)
  if (memberOf(map, 'filter')) return parseFilter(map, lines)
  return parseRule(map, lines)
}

/** The documents of a file in their order, actions carried out. */
class Collection {
  readonly #lines: TextLines
  #global: YamlMap | undefined
  #previous: YamlMap | undefined

  constructor(lines: TextLines) {
    this.#lines = lines
  }

  get titleOfGlobal(): string | undefined {
    const title = memberOf(this.#global, 'title')
    return title?.kind === 'scalar' ? title.text : undefined
  }

  /** The document as a rule; undefined for one that only acts on others. */
  next(document: YamlMap): YamlMap | undefined {
    const node = memberOf(document, 'action')
    if (!node) {
      const isOther = memberOf(document, 'correlation') || memberOf(document, 'filter')
      if (isOther) return document
      this.#previous = this.#global ? withPlace(mergeMaps(document, this.#global), document) : document
      return this.#previous
    }
    const content = withoutMember(document, 'action')
    switch (readText(this.#lines, 'action', node)) {
      case 'global':
        this.#global = this.#global ? mergeMaps(this.#global, content) : content
        this.#previous = this.#global
        return undefined
      case 'reset':
        this.#global = undefined
        return undefined
      case 'repeat': {
        const base = this.#previous
        this.#previous = base ? withPlace(mergeMaps(base, content), document) : content
        return this.#previous
      }
      default:
        throw unexpected(this.#lines, 'action', 'global, reset or repeat', node)
    }
  }
}

function withPlace(map: YamlMap, place: YamlMap): YamlMap {
  return { ...map, offset: place.offset }
}
