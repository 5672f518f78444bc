import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseAllDocuments,
} from 'yaml'
import { MAX_YAML_DEPTH, MAX_YAML_NODES } from '../limits.ts'
import type { YamlDocument, YamlEntry, YamlMistake, YamlNode } from './yaml-node.ts'

/**
 * Reads the documents of a YAML 1.2 file (core schema, merge keys allowed). A mistake spoils its own document only; one
 * that a reader cannot get over ends the file.
 */
export function readAnyYaml(text: string): readonly YamlDocument[] {
  const documents = parseAllDocuments(text, {
    prettyErrors: false,
    logLevel: 'silent',
    merge: true,
    keepSourceTokens: false,
  })
  if (!Array.isArray(documents)) return []
  // Without aliases a file has fewer values than characters: what is above was made by them.
  const budget = { nodes: MAX_YAML_NODES + text.length }
  return documents.map((document) => new DocumentReader(document, budget).read())
}

/** A document being turned into nodes of ours; counts them, for aliases multiply. */
class DocumentReader {
  readonly #document: Document.Parsed
  /** What the documents of the file may still have. */
  readonly #budget: { nodes: number }
  readonly #anchors = new Map<string, Node>()
  /** An alias means what its anchor meant where it is written, also where the alias is part of another one's target. */
  readonly #targets = new Map<Alias, Node>()
  #aliasDepth = 0
  #nodes = 0

  constructor(document: Document.Parsed, budget: { nodes: number }) {
    this.#document = document
    this.#budget = budget
  }

  read(): YamlDocument {
    const { contents, errors, range } = this.#document
    const offset = contents?.range?.[0] ?? range[0]
    const error = errors[0]
    if (error) {
      const mistake = { reason: describeMistake(error.message), offset: error.pos[0] }
      return { root: undefined, mistake, offset }
    }
    const isEmpty = contents === null || (isScalar(contents) && contents.value === null)
    if (isEmpty) return { root: undefined, mistake: undefined, offset }
    try {
      return { root: this.#readNode(contents, 0), mistake: undefined, offset }
    } catch (caught) {
      if (!(caught instanceof Mistake)) throw caught
      return { root: undefined, mistake: caught.mistake, offset }
    }
  }

  #readNode(node: Node, depth: number): YamlNode {
    const offset = node.range?.[0] ?? 0
    if (depth > MAX_YAML_DEPTH)
      throw new Mistake(`at most ${MAX_YAML_DEPTH} maps and lists within each other expected`, offset)
    if (++this.#nodes > MAX_YAML_NODES)
      throw new Mistake(`at most ${MAX_YAML_NODES} values in a document expected`, offset)
    if (--this.#budget.nodes < 0)
      throw new Mistake('fewer values in the documents of a file expected, its aliases followed', offset)
    if (isAlias(node)) {
      const target = this.#targets.get(node) ?? this.#anchors.get(node.source)
      if (target === undefined)
        throw new Mistake(`an anchor &${node.source} before its alias expected`, offset)
      this.#targets.set(node, target)
      this.#aliasDepth++
      const read = this.#readNode(target, depth + 1)
      this.#aliasDepth--
      return { ...read, offset }
    }
    this.#noteAnchor(node)
    if (isMap<Node, Node | null>(node)) {
      return { kind: 'map', entries: this.#readEntries(node.items, depth), offset }
    }
    if (isSeq<Node>(node)) {
      return { kind: 'list', items: node.items.map((item) => this.#readNode(item, depth + 1)), offset }
    }
    if (!isScalar(node)) throw new Mistake('a map, a list or a value expected', offset)
    const { value } = node
    const isQuoted = node.type === 'QUOTE_SINGLE' || node.type === 'QUOTE_DOUBLE'
    if (typeof value === 'number' || typeof value === 'boolean' || value === null)
      return { kind: 'scalar', value, text: node.source ?? String(value ?? ''), isQuoted, offset }
    return { kind: 'scalar', value: String(value), text: String(value), isQuoted, offset }
  }

  #readEntries(pairs: readonly Pair<Node, Node | null>[], depth: number): readonly YamlEntry[] {
    const entries = new Map<string, YamlEntry>()
    const merged: YamlEntry[] = []
    for (const { key, value } of pairs) {
      const offset = key.range?.[0] ?? 0
      if (!isScalar(key)) throw new Mistake('a text as key expected, found a map or a list', offset)
      this.#noteAnchor(key)
      const name = key.source ?? String(key.value ?? '')
      const node: YamlNode =
        value === null
          ? { kind: 'scalar', value: null, text: '', isQuoted: false, offset }
          : this.#readNode(value, depth + 1)
      if (name === '<<' && key.type === 'PLAIN') merged.push(...this.#readMerged(node))
      else entries.set(name, { key: name, offset, value: node })
    }
    for (const entry of merged) if (!entries.has(entry.key)) entries.set(entry.key, entry)
    return [...entries.values()]
  }

  #noteAnchor(node: Exclude<Node, Alias>): void {
    if (node.anchor !== undefined && this.#aliasDepth === 0) this.#anchors.set(node.anchor, node)
  }

  #readMerged(node: YamlNode): readonly YamlEntry[] {
    if (node.kind === 'map') return node.entries
    if (node.kind === 'list') return node.items.flatMap((item) => this.#readMerged(item))
    throw new Mistake('a map after << expected', node.offset)
  }
}

class Mistake extends Error {
  readonly mistake: YamlMistake

  constructor(reason: string, offset: number) {
    super(reason)
    this.mistake = { reason, offset }
  }
}

function describeMistake(message: string): string {
  if (message.includes('call stack')) return 'fewer maps and lists within each other expected'
  return message.split('\n')[0]!.replace(/[.:]$/, '')
}
