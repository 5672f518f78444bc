import { parseSigmaDocuments, type SigmaDocument, type SigmaProblem } from '@timeskein/query/sigma'
import { parseAllDocuments } from 'yaml'
import { abort } from '../errors.ts'
import { convertRule } from './convert-rule.ts'

/** A rule's members as they are written, and the question made of it. */
export interface ReadRule {
  readonly yaml: Readonly<Record<string, unknown>>
  readonly searchQuery: string
}

/**
 * Reads the rule of a text, the first one where there are several.
 *
 * @throws {WireError} 400 in Timesketch's words for what is none.
 */
export function readRule(text: string): ReadRule {
  const { documents, problems } = parseSigmaDocuments({ file: 'rule', text })
  const [problem] = problems
  if (problem?.code === 'bad-yaml')
    abort(400, `Sigma parsing error: invalid YAML provided ${describeProblem(problem)}`)
  const yaml = readMembers(text)
  if (problem) {
    const reason = 'detection' in yaml ? describeProblem(problem) : 'No detection definitions found'
    abort(400, `Sigma parsing error generating rule with error: ${reason}`)
  }
  const document: SigmaDocument | undefined = documents[0]
  if (!document) abort(400, 'Sigma rule Parsing error with provided rule: no rule found')
  return { yaml, searchQuery: convertRule(document, yaml) }
}

/** Where in a text something is wrong with a rule, and what. */
export function describeProblem({ line, column, reason }: SigmaProblem): string {
  return `line ${line}, column ${column}: ${reason}`
}

/** The members of the first rule, with those of an `action: global` before it. */
function readMembers(text: string): Record<string, unknown> {
  let members: Record<string, unknown> = {}
  for (const document of parseAllDocuments(text, { merge: true, logLevel: 'silent' })) {
    const value: unknown = document.toJS()
    if (value === null || typeof value !== 'object' || Array.isArray(value)) continue
    const { action, ...own } = value as Record<string, unknown>
    members = { ...members, ...own }
    if (action !== 'global') break
  }
  return members
}
