import { RE2JS } from 're2js'

const FLAGS: ReadonlyMap<string, number> = new Map([
  ['IGNORECASE', RE2JS.CASE_INSENSITIVE],
  ['MULTILINE', RE2JS.MULTILINE],
  ['DOTALL', RE2JS.DOTALL],
])

/**
 * Makes a regular expression of a rule ready: RE2 syntax, so that none takes longer than its text is long.
 *
 * @param flags - Python's names, with `re.` in front or not: IGNORECASE, MULTILINE, DOTALL; others count for nothing.
 * @throws {Error} For what is no expression, or uses what RE2 has not (looking ahead, back references).
 */
export function compileExpression(expression: string, flags: readonly string[]): RE2JS {
  const bits = flags.reduce((all, name) => all | (FLAGS.get(name.replace(/^re\./, '')) ?? 0), 0)
  return RE2JS.compile(expression, bits)
}

/** Every place where an expression matches, in order: what its first group caught, or all of it when it has no group. */
export function findAll(expression: RE2JS, text: string): readonly string[] {
  const matcher = expression.matcher(text)
  const group = matcher.groupCount() > 0 ? 1 : 0
  const found: string[] = []
  while (matcher.find()) found.push(matcher.group(group) ?? '')
  return found
}
