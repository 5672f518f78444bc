import { deserialize, serialize } from 'node:v8'
import type { RuleSet } from '../contract/rule-set.ts'

/** Changes with the shape of what is packed. */
const PACK_VERSION = 2

/**
 * Rules that were read, as bytes, to be kept beside their text: reading them anew takes a fraction of the time. Good for the version
 * of Timeskein and of Node that wrote them.
 */
export function packRuleSet({ documents, problems, hash }: RuleSet): Uint8Array {
  return serialize({ version: PACK_VERSION, documents: serialize(documents), problems, hash })
}

/**
 * What `packRuleSet` wrote; undefined for anything else, which is to be read from its text again. The documents are unpacked when
 * they are asked for: a run with a plan that was kept needs none.
 */
export function unpackRuleSet(bytes: Uint8Array): RuleSet | undefined {
  try {
    const packed: unknown = deserialize(bytes)
    if (typeof packed !== 'object' || packed === null || !('version' in packed)) return undefined
    if (packed.version !== PACK_VERSION) return undefined
    // The version says that `packRuleSet` wrote it.
    const { documents, problems, hash } = packed as unknown as Omit<RuleSet, 'documents'> & {
      readonly documents: Uint8Array
    }
    let unpacked: RuleSet['documents'] | undefined
    return {
      get documents() {
        unpacked ??= deserialize(documents) as RuleSet['documents']
        return unpacked
      },
      problems,
      ...(hash === undefined ? {} : { hash }),
    }
  } catch {
    // Bytes of another version, or damaged ones: the text is there to be read again.
    return undefined
  }
}
