import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { OURS } from './ours.ts'

/** The public members of a release of Timesketch's Python packages, as `list-members.py` writes them. */
export interface PythonMembers {
  readonly release: string
  readonly modules: Readonly<Record<string, readonly string[]>>
}

const DOCUMENT = join(import.meta.dirname, '../../../docs/sdk/timesketch.md')
const BEGIN = '<!-- members: made by conformance/sdk/members/make-table.ts -->'
const END = '<!-- members end -->'

export function readMembers(): PythonMembers {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'members.json'), 'utf8'))
}

/** The document with its table of members made anew. @throws {Error} When its marks are not there. */
export function fillDocument(text: string): string {
  const begin = text.indexOf(BEGIN)
  const end = text.indexOf(END)
  if (begin < 0 || end < begin) throw new Error(`${DOCUMENT}: expected the marks ${BEGIN} and ${END}`)
  return `${text.slice(0, begin)}${BEGIN}\n${makeTable()}${text.slice(end)}`
}

export function readDocument(): string {
  return readFileSync(DOCUMENT, 'utf8')
}

function makeTable(): string {
  const { release, modules } = readMembers()
  const names = Object.values(modules).flat()
  const all = Object.entries(modules).flatMap(([module, members]) =>
    members.map((name) => OURS[module]?.[name] ?? ''),
  )
  const missing = all.filter((ours) => ours.startsWith('-')).length
  const parts = [
    `\n${names.length} public members of release ${release}: ${all.length - missing} have one here, ${missing} have none for the reason given.\n`,
  ]
  for (const [module, members] of Object.entries(modules)) {
    parts.push(`\n### ${module}\n\n| Python | here |\n| --- | --- |\n`)
    for (const name of members)
      parts.push(`| \`${name}\` | ${(OURS[module]?.[name] ?? '').replace(/^- /, 'none: ')} |\n`)
  }
  return `${parts.join('')}\n`
}

if (import.meta.main) writeFileSync(DOCUMENT, fillDocument(readDocument()))
