import type { Query } from '@timeskein/query'
import type { ReadEvent } from '../../event-source.ts'
import { fieldText } from '../../field-text.ts'
import { luceneQuery } from '../lucene-query.ts'

/** A way in which one event leads to others: they name the same thing. */
export interface ChainKind {
  readonly name: string
  /** Events that begin a chain. */
  readonly begin: Query
  /** What such an event is about, in any case; undefined when it begins none. */
  readonly targetOf: (event: ReadEvent) => string | undefined
  /** Events that may go on with one. */
  readonly goOn: Query
  /** Which of the targets (in lower case) such an event names. */
  readonly findTargets: (event: ReadEvent, targets: ReadonlyMap<string, unknown>) => Iterable<string>
}

/** Ways that Timesketch 20261014 knows (lib/analyzers/chain_plugins). */
export const CHAIN_KINDS: readonly ChainKind[] = [
  {
    // A download by Chrome, the file of that name, and its execution.
    name: 'chromefilesystem',
    begin: luceneQuery('data_type:"chrome:history:file_downloaded"'),
    targetOf: (event) => lastPart(fieldText(event, 'full_path')),
    goOn: luceneQuery(
      '(data_type:"fs:stat" AND _exists_:filename) OR (data_type:"fs:stat:ntfs" AND _exists_:name) OR _exists_:executable',
    ),
    findTargets(event, targets) {
      const names = ['filename', 'name', 'executable'].map((field) => lastPart(fieldText(event, field)))
      return new Set(
        names.flatMap((name) =>
          name !== undefined && targets.has(name.toLowerCase()) ? [name.toLowerCase()] : [],
        ),
      )
    },
  },
  {
    // A program that ran, as prefetch says, the addresses with its name, and links to it.
    name: 'winprefetch',
    begin: luceneQuery('data_type:"windows:prefetch:execution"'),
    targetOf(event) {
      const name = fieldText(event, 'executable')
      return name !== undefined && /\.exe$/i.test(name) ? name : undefined
    },
    goOn: luceneQuery('_exists_:url OR (parser:lnk AND _exists_:link_target)'),
    findTargets: (event, targets) =>
      new Set(['url', 'link_target'].flatMap((field) => findNames(fieldText(event, field), targets))),
  },
]

/** What stands behind the last separator of a path. */
function lastPart(path: string | undefined): string | undefined {
  return path?.split(path.includes('\\') ? '\\' : '/').at(-1) || undefined
}

/** Names of programs in a text, each a whole word: nothing of a longer name stands before it. */
function findNames(text: string | undefined, targets: ReadonlyMap<string, unknown>): readonly string[] {
  if (text === undefined) return []
  const names = text.toLowerCase().match(/[^\s/\\?&=:;,"'<>|*%]+?\.exe(?![a-z0-9])/g) ?? []
  return names.filter((name) => targets.has(name))
}
