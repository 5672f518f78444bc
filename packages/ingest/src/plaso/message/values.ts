import type { Attributes, Value } from '../piece/container-value.ts'
import type { StoredAttributes, StoredMember } from '../piece/stored-attributes.ts'

/** Values of one event's data while its message is made: helpers add to them and change them. */
export interface Values {
  get(name: string): Value | undefined
  set(name: string, value: Value): unknown
}

/** Attributes that stay as they are, with what helpers change on top: a few, where there are dozens. */
export class ChangedValues implements Values {
  readonly #attributes: Attributes
  /** The attributes where they can be copied. */
  readonly stored: StoredAttributes | undefined
  #changed: Map<string, Value> | undefined

  constructor(attributes: Attributes, stored?: StoredAttributes) {
    this.#attributes = attributes
    this.stored = stored
  }

  /** An attribute that can be copied and that no helper has changed. */
  findStored(name: string): StoredMember | undefined {
    return this.#changed?.has(name) ? undefined : this.stored?.find(name)
  }

  get(name: string): Value | undefined {
    const changed = this.#changed?.get(name)
    return changed === undefined ? this.#attributes.get(name) : changed
  }

  set(name: string, value: Value): void {
    this.#changed ??= new Map()
    this.#changed.set(name, value)
  }
}
