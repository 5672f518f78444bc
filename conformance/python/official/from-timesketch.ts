import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Verbs and options of Timesketch's two commands, as `list_verbs.py` writes them. */
export interface OfficialVerbs {
  readonly release: string
  readonly timesketch: {
    readonly options: readonly (readonly string[])[]
    readonly verbs: Readonly<Record<string, readonly (readonly string[])[]>>
  }
  readonly timesketch_importer: readonly (readonly string[])[]
}

const DOCUMENT = join(import.meta.dirname, '../../../docs/cli/from-timesketch.md')

export function readVerbs(): OfficialVerbs {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'verbs.json'), 'utf8'))
}

export function readDocument(): string {
  return readFileSync(DOCUMENT, 'utf8')
}

/** What of the two commands has no line in the document: `search --label`, `timesketch_importer --context`. */
export function findMissing(verbs: OfficialVerbs, document: string): readonly string[] {
  const { options, lines, importer } = readTables(document)
  const missing: string[] = []
  for (const spellings of verbs.timesketch.options)
    for (const one of spellings) if (!options.has(one)) missing.push(`timesketch ${one}`)
  for (const [verb, parameters] of Object.entries(verbs.timesketch.verbs)) {
    const known = lines.get(verb)
    if (!known) missing.push(verb)
    else for (const one of parameters.flat()) if (!known.has(one)) missing.push(`${verb} ${one}`)
  }
  for (const one of verbs.timesketch_importer.flat())
    if (!importer.has(one)) missing.push(`timesketch_importer ${one}`)
  return missing
}

/** Verbs of `skein` that the document names: `search`, `saved-search`. */
export function listOurVerbs(document: string): readonly string[] {
  return [...new Set([...document.matchAll(/`skein ([a-z][a-z-]*)/g)].map((match) => match[1] ?? ''))]
}

function readTables(document: string): {
  options: ReadonlySet<string>
  lines: ReadonlyMap<string, ReadonlySet<string>>
  importer: ReadonlySet<string>
} {
  const options = new Set<string>()
  const importer = new Set<string>()
  const lines = new Map<string, Set<string>>()
  let title = ''
  let verb = ''
  for (const line of document.split('\n')) {
    if (line.startsWith('## ')) title = line.slice(3)
    const [, left = '', right = ''] = line.split(/(?<!\\)\|/)
    const spellings = [...left.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '')
    if (spellings.length === 0 || right.trim() === '') continue
    if (title === 'Signing in') for (const one of spellings) options.add(one)
    else if (title.includes('importer')) for (const one of spellings) importer.add(one)
    else if (spellings[0]?.startsWith(' ')) lines.get(verb)?.add(spellings[0].trim())
    else {
      verb = spellings[0] ?? ''
      lines.set(verb, new Set())
    }
  }
  return { options, lines, importer }
}
