/** A value of a YAML document that remembers where it stands. Offsets are UTF-16 units into the file. */
export type YamlNode = YamlMap | YamlList | YamlScalar

/** Keys in the order they are written; each stands once. */
export interface YamlMap {
  readonly kind: 'map'
  readonly entries: readonly YamlEntry[]
  readonly offset: number
}
export interface YamlEntry {
  readonly key: string
  /** Where the key stands. */
  readonly offset: number
  readonly value: YamlNode
}
export interface YamlList {
  readonly kind: 'list'
  readonly items: readonly YamlNode[]
  readonly offset: number
}
export interface YamlScalar {
  readonly kind: 'scalar'
  /** By the core schema of YAML 1.2. */
  readonly value: string | number | boolean | null
  /** Written in single or double quotes. */
  readonly isQuoted: boolean
  /** The text without its quotes, escapes resolved: `0x10` stays `0x10`. */
  readonly text: string
  readonly offset: number
}

/** One document of a file; undefined root where there is nothing in it. */
export interface YamlDocument {
  readonly root: YamlNode | undefined
  /** Set where it cannot be read. */
  readonly mistake: YamlMistake | undefined
  readonly offset: number
}
export interface YamlMistake {
  readonly reason: string
  readonly offset: number
}

/** The member of a map; undefined where there is none or the node is no map. */
export function memberOf(node: YamlNode | undefined, key: string): YamlNode | undefined {
  return entryOf(node, key)?.value
}

/** The member with its key's place. */
export function entryOf(node: YamlNode | undefined, key: string): YamlEntry | undefined {
  return node?.kind === 'map' ? node.entries.find((entry) => entry.key === key) : undefined
}

/** What stands there, for messages: `a list`, `the text 'x'`. */
export function describeNode(node: YamlNode): string {
  switch (node.kind) {
    case 'map':
      return 'a map'
    case 'list':
      return 'a list'
    case 'scalar':
      if (node.value === null) return 'nothing'
      if (typeof node.value === 'string') return JSON.stringify(shorten(node.value))
      return node.text
  }
}

/** The document as plain JSON values. Maps have no prototype that a key could reach. */
export function toPlainValue(node: YamlNode): unknown {
  switch (node.kind) {
    case 'map':
      return Object.fromEntries(node.entries.map(({ key, value }) => [key, toPlainValue(value)]))
    case 'list':
      return node.items.map(toPlainValue)
    case 'scalar':
      return node.value
  }
}

/**
 * Two maps as one: members of `over` win, maps within maps are merged in the same way. What stands in both stays at its
 * place in `base`.
 */
export function mergeMaps(base: YamlMap, over: YamlMap): YamlMap {
  const entries = new Map(base.entries.map((entry) => [entry.key, entry]))
  for (const entry of over.entries) {
    const before = entries.get(entry.key)?.value
    const value =
      before?.kind === 'map' && entry.value.kind === 'map' ? mergeMaps(before, entry.value) : entry.value
    entries.set(entry.key, { ...entry, value })
  }
  return { kind: 'map', entries: [...entries.values()], offset: base.offset }
}

/** The map without a member. */
export function withoutMember(map: YamlMap, key: string): YamlMap {
  return { ...map, entries: map.entries.filter((entry) => entry.key !== key) }
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
