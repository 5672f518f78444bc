import { type SeqList, subtractSeqs, uniteAllSeqs, uniteSeqs } from '../ask/rows/seq-list.ts'
import type { MarkList } from './mark-list.ts'
import type { AttributeGift, MarkRecord } from './mark-record.ts'

/** What the active mark operations of an index come to. Row numbers are the index's. */
export interface MarkState {
  /** Tags in force that marks added. */
  readonly tags: ReadonlyMap<string, SeqList>
  /** Tags taken away, also where the source has them. */
  readonly removedTags: ReadonlyMap<string, SeqList>
  readonly labels: readonly LabelState[]
  /** Attributes by name; the row lists of one name have no row in common. */
  readonly attributes: ReadonlyMap<string, readonly AttributeState[]>
}

/** Events on which a person put a label in a sketch. An event has a label of a sketch once, by whoever came first. */
export interface LabelState {
  readonly name: string
  readonly sketchId: number
  readonly userId: number
  readonly seqs: SeqList
}

/** Events that were given one value for an attribute. */
export interface AttributeState {
  readonly json: unknown
  readonly seqs: SeqList
}

type GroupState =
  | { readonly kind: 'tag'; readonly value: string; readonly added: SeqList; readonly removed: SeqList }
  | { readonly kind: 'label'; readonly labels: readonly LabelState[] }
  | { readonly kind: 'attribute'; readonly name: string; readonly values: readonly AttributeState[] }

/** What operations do to one tag, one label of a sketch, or one attribute. */
interface Group {
  /** Which operations are folded into the state, in their order. */
  readonly operationIds: string[]
  state: GroupState
}

/** What one operation does to one group. */
interface Part {
  readonly key: string
  readonly record: MarkRecord
  /** Of attributes: the values of one name. */
  readonly gifts: readonly AttributeGift[]
}

const NO_SEQS: SeqList = new Uint32Array(0)

/**
 * Folds the operations of one index, in the order they were made. Keeps what it folded last: one more operation costs its own
 * rows and those of its tag or label, however many operations there are, and taking one back costs its tag or label. The same
 * operations give the same state, the very object.
 */
export class MarkFolder {
  #groups = new Map<string, Group>()
  #marks: MarkList | undefined
  #state: MarkState = EMPTY_MARKS

  fold(marks: MarkList): MarkState {
    if (marks === this.#marks) return this.#state
    const isSame =
      this.#marks && marks.continues(this.#marks)
        ? this.#goOn(marks, this.#marks.length)
        : this.#startOver(marks)
    this.#marks = marks
    if (!isSame) this.#state = joinGroups(this.#groups.values())
    return this.#state
  }

  /** Folds what was appended. @returns Whether there was nothing. */
  #goOn(marks: MarkList, start: number): boolean {
    for (const record of marks.from(start)) {
      for (const part of listParts(record)) {
        const group = this.#groups.get(part.key)
        if (group) addPart(group, part)
        else this.#groups.set(part.key, startGroup(part))
      }
    }
    return marks.length === start
  }

  /** Folds all, but for the groups whose operations are those known or go on from them. @returns Whether none is another. */
  #startOver(marks: MarkList): boolean {
    const parts = new Map<string, Part[]>()
    for (const record of marks.from(0)) {
      for (const part of listParts(record)) {
        const list = parts.get(part.key)
        if (list) list.push(part)
        else parts.set(part.key, [part])
      }
    }
    let isSame = parts.size === this.#groups.size
    const groups = new Map<string, Group>()
    for (const [key, list] of parts) {
      const before = this.#groups.get(key)
      const known = before?.operationIds ?? []
      const goesOn =
        known.length <= list.length && known.every((id, at) => id === list[at]!.record.operationId)
      const group = before && goesOn ? before : startGroup(list[0]!)
      if (group !== before || known.length < list.length) isSame = false
      for (const part of list.slice(group.operationIds.length)) addPart(group, part)
      groups.set(key, group)
    }
    this.#groups = groups
    return isSame
  }
}

/** No mark at all. */
export const EMPTY_MARKS: MarkState = {
  tags: new Map(),
  removedTags: new Map(),
  labels: [],
  attributes: new Map(),
}

function listParts(record: MarkRecord): Part[] {
  switch (record.kind) {
    case 'tag':
    case 'untag':
      return [{ key: `tag ${record.value}`, record, gifts: [] }]
    case 'label':
    case 'unlabel':
      return [{ key: `label ${record.sketchId} ${record.value}`, record, gifts: [] }]
    case 'attribute': {
      const { value: name, json, seqs } = record
      return [{ key: `attribute ${name}`, record, gifts: [{ name, json, seqs }] }]
    }
    case 'attributes':
      return [...Map.groupBy(record.gifts ?? [], ({ name }) => name)].map(([name, gifts]) => ({
        key: `attribute ${name}`,
        record,
        gifts,
      }))
  }
}

function startGroup(part: Part): Group {
  const group: Group = { operationIds: [], state: emptyStateOf(part) }
  addPart(group, part)
  return group
}

function emptyStateOf({ record, gifts }: Part): GroupState {
  switch (record.kind) {
    case 'tag':
    case 'untag':
      return { kind: 'tag', value: record.value, added: NO_SEQS, removed: NO_SEQS }
    case 'label':
    case 'unlabel':
      return { kind: 'label', labels: [] }
    case 'attribute':
    case 'attributes':
      return { kind: 'attribute', name: gifts[0]!.name, values: [] }
  }
}

function addPart(group: Group, part: Part): void {
  group.state = applyPart(group.state, part)
  group.operationIds.push(part.record.operationId)
}

function applyPart(state: GroupState, { record, gifts }: Part): GroupState {
  const { seqs } = record
  switch (state.kind) {
    case 'tag': {
      const isAdding = record.kind === 'tag'
      const gaining = isAdding ? state.added : state.removed
      const losing = isAdding ? state.removed : state.added
      const gained = uniteSeqs(gaining, seqs)
      const left = subtractSeqs(losing, seqs)
      return { ...state, added: isAdding ? gained : left, removed: isAdding ? left : gained }
    }
    case 'label': {
      if (record.kind === 'unlabel') {
        return {
          kind: 'label',
          labels: state.labels.map((label) => ({ ...label, seqs: subtractSeqs(label.seqs, seqs) })),
        }
      }
      const fresh = state.labels.reduce((rest, label) => subtractSeqs(rest, label.seqs), seqs)
      const { sketchId, userId, value: name } = record
      const own = state.labels.find((label) => label.userId === userId)
      const others = state.labels.filter((label) => label !== own)
      return {
        kind: 'label',
        labels: [...others, { name, sketchId, userId, seqs: uniteSeqs(own?.seqs ?? NO_SEQS, fresh) }],
      }
    }
    case 'attribute': {
      const given = uniteAllSeqs(gifts.map((gift) => gift.seqs))
      const kept = state.values
        .map((value) => ({ ...value, seqs: subtractSeqs(value.seqs, given) }))
        .filter((value) => value.seqs.length > 0)
      return { ...state, values: [...kept, ...gifts.map(({ json, seqs: rows }) => ({ json, seqs: rows }))] }
    }
  }
}

function joinGroups(groups: Iterable<Group>): MarkState {
  const tags = new Map<string, SeqList>()
  const removedTags = new Map<string, SeqList>()
  const labels: LabelState[] = []
  const attributes = new Map<string, readonly AttributeState[]>()
  for (const { state } of groups) {
    switch (state.kind) {
      case 'tag':
        if (state.added.length > 0) tags.set(state.value, state.added)
        if (state.removed.length > 0) removedTags.set(state.value, state.removed)
        break
      case 'label':
        labels.push(...state.labels.filter((label) => label.seqs.length > 0))
        break
      case 'attribute':
        if (state.values.length > 0) attributes.set(state.name, state.values)
        break
      default:
        state satisfies never
    }
  }
  return { tags, removedTags, labels, attributes }
}
