import {
  convertForTimesketch,
  parseSigmaDocuments,
  type SigmaDocument,
  type SigmaProblem,
} from '@timeskein/query/sigma'
import { parseAllDocuments } from 'yaml'
import { abort } from '../errors.ts'

/** A rule's members as they are written, and the question made of it. */
export interface ReadRule {
  readonly yaml: Readonly<Record<string, unknown>>
  readonly searchQuery: string
}

/**
 * Reads a rule of a text.
 *
 * @param ordinal - Which of those that can be read, from 0; left out: the first of a text in which all can.
 * @throws {WireError} 400 in Timesketch's words for what is none.
 */
export function readRule(text: string, ordinal?: number): ReadRule {
  const { documents, problems } = parseSigmaDocuments({ file: 'rule', text })
  const known = ordinal === undefined ? undefined : documents[ordinal]
  const problem = known ? undefined : problems[0]
  if (problem?.code === 'bad-yaml')
    abort(400, `Sigma parsing error: invalid YAML provided ${describeProblem(problem)}`)
  const yaml = readMembers(text, known?.place.line)
  if (problem) {
    const reason = 'detection' in yaml ? describeProblem(problem) : 'No detection definitions found'
    abort(400, `Sigma parsing error generating rule with error: ${reason}`)
  }
  const document: SigmaDocument | undefined = known ?? documents[0]
  if (!document) abort(400, 'Sigma rule Parsing error with provided rule: no rule found')
  return { yaml, searchQuery: convertForTimesketch(document, yaml) }
}

/** Where in a text something is wrong with a rule, and what. */
export function describeProblem({ line, column, reason }: SigmaProblem): string {
  return `line ${line}, column ${column}: ${reason}`
}

/**
 * The members of a rule, with those that actions of documents before it bring.
 *
 * @param line - Where it begins; left out: the first.
 */
function readMembers(text: string, line: number | undefined): Record<string, unknown> {
  let global: Record<string, unknown> = {}
  let members: Record<string, unknown> = {}
  for (const document of parseAllDocuments(text, { merge: true, logLevel: 'silent' })) {
    const value: unknown = document.toJS()
    if (!isMap(value)) continue
    const { action, ...own } = value
    if (action === 'global') members = global = mergeMembers(global, own)
    else if (action === 'reset') global = {}
    else {
      if (action === 'repeat') members = mergeMembers(members, own)
      else if ('correlation' in own || 'filter' in own) members = own
      else members = mergeMembers(own, global)
      if (line === undefined || lineAt(text, document.contents?.range?.[0] ?? 0) === line) break
    }
  }
  return members
}

/** As the reader of rules does it: maps within maps are put together. */
function mergeMembers(
  base: Readonly<Record<string, unknown>>,
  added: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const merged = new Map(Object.entries(base))
  for (const [name, value] of Object.entries(added)) {
    const before = merged.get(name)
    merged.set(name, isMap(before) && isMap(value) ? mergeMembers(before, value) : value)
  }
  return Object.fromEntries(merged)
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
