import { createHash } from 'node:crypto'
import { describeLogSource } from '@timeskein/query/sigma'
import type { LibraryDocument } from './library-document.ts'

/** The id under which a library knows a rule: its own, or one made of what it says it is. */
export function makeRuleUuid({ meta, kind, ...rest }: LibraryDocument): string {
  if (meta.id !== undefined) return meta.id.trim().toLowerCase()
  const logSource = 'logSource' in rest ? describeLogSource(rest.logSource) : ''
  const hash = createHash('sha256')
    .update(JSON.stringify([kind, meta.title, logSource]))
    .digest('hex')
  // A UUID of version 8, whose bits are the maker's own (RFC 9562, section 5.8).
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `8${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join('-')
}
