import { type SeqList, subtractSeqs, uniteSeqs } from '../ask/rows/seq-list.ts'
import type { MarkRecord } from '../index-handle.ts'

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

interface Group {
  readonly operationIds: readonly string[]
  readonly state: GroupState
}

const NO_SEQS: SeqList = new Uint32Array(0)

/**
 * Folds the operations of one index, in the order they were made. Keeps what it folded last, so that one more
 * operation costs its own rows and those of its tag or label, not all operations again. The same operations give the
 * same state, the very object.
 */
export class MarkFolder {
  #groups: ReadonlyMap<string, Group> = new Map()
  #marks: readonly MarkRecord[] | undefined
  #state: MarkState = EMPTY_MARKS

  fold(marks: readonly MarkRecord[]): MarkState {
    if (marks === this.#marks) return this.#state
    const records = new Map<string, MarkRecord[]>()
    for (const mark of marks) {
      if (!mark.active) continue
      const key = groupKey(mark)
      const list = records.get(key)
      if (list) list.push(mark)
      else records.set(key, [mark])
    }
    const groups = new Map<string, Group>()
    for (const [key, list] of records) groups.set(key, foldGroup(list, this.#groups.get(key)))
    const isSame =
      groups.size === this.#groups.size &&
      [...groups].every(([key, group]) => this.#groups.get(key) === group)
    this.#groups = groups
    this.#marks = marks
    if (!isSame) this.#state = joinGroups(groups.values())
    return this.#state
  }
}

/** No mark at all. */
export const EMPTY_MARKS: MarkState = {
  tags: new Map(),
  removedTags: new Map(),
  labels: [],
  attributes: new Map(),
}

function groupKey(mark: MarkRecord): string {
  switch (mark.kind) {
    case 'tag':
    case 'untag':
      return `tag ${mark.value}`
    case 'label':
    case 'unlabel':
      return `label ${mark.sketchId} ${mark.value}`
    case 'attribute':
      return `attribute ${mark.value}`
  }
}

function foldGroup(records: readonly MarkRecord[], before: Group | undefined): Group {
  const operationIds = records.map((record) => record.operationId)
  const known = before?.operationIds ?? []
  const goesOn = known.length <= operationIds.length && known.every((id, at) => id === operationIds[at])
  if (before && goesOn && known.length === operationIds.length) return before
  let state = before && goesOn ? before.state : startGroup(records[0]!)
  for (const record of records.slice(before && goesOn ? known.length : 0)) state = applyMark(state, record)
  return { operationIds, state }
}

function startGroup(record: MarkRecord): GroupState {
  switch (record.kind) {
    case 'tag':
    case 'untag':
      return { kind: 'tag', value: record.value, added: NO_SEQS, removed: NO_SEQS }
    case 'label':
    case 'unlabel':
      return { kind: 'label', labels: [] }
    case 'attribute':
      return { kind: 'attribute', name: record.value, values: [] }
  }
}

function applyMark(state: GroupState, record: MarkRecord): GroupState {
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
      const kept = state.values
        .map((value) => ({ ...value, seqs: subtractSeqs(value.seqs, seqs) }))
        .filter((value) => value.seqs.length > 0)
      return { ...state, values: [...kept, { json: record.json, seqs }] }
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
