import { deserialize, serialize } from 'node:v8'
import { addChecksum, takeChecked } from '../checked-bytes.ts'
import type { RuleSet } from '../contract/rule-set.ts'

/** Changes with the shape of what is packed. */
const PACK_VERSION = 3

interface PackedRuleSet extends Omit<RuleSet, 'documents'> {
  readonly version: number
  readonly documents: Uint8Array
}

/**
 * Rules that were read, as bytes, to be kept beside their text: reading them anew takes a fraction of the time. Good for the code
 * (`describeCompiler`) and the version of Node that wrote them.
 */
export function packRuleSet({ documents, ...rest }: RuleSet): Uint8Array {
  return addChecksum(serialize({ ...rest, version: PACK_VERSION, documents: serialize(documents) }))
}

/**
 * What `packRuleSet` wrote; undefined for anything else, which is to be read from its text again. The documents are unpacked when
 * they are asked for: a run with a plan that was kept needs none.
 */
export function unpackRuleSet(bytes: Uint8Array): RuleSet | undefined {
  const data = takeChecked(bytes)
  if (!data) return undefined
  try {
    // The checksum says that `packRuleSet` wrote it; its version is looked at before anything else of it.
    const { version, documents, ...rest } = deserialize(data) as PackedRuleSet
    if (version !== PACK_VERSION) return undefined
    let unpacked: RuleSet['documents'] | undefined
    return {
      ...rest,
      get documents() {
        unpacked ??= deserialize(documents) as RuleSet['documents']
        return unpacked
      },
    }
  } catch {
    // Written by another version of Node: the text is there to be read again.
    return undefined
  }
}
