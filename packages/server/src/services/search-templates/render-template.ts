import { invalid } from '../../errors/domain-error.ts'

/** Longest template, and longest text that one may become. */
export const MAX_TEMPLATE_LENGTH = 10_000
const MAX_RENDERED_LENGTH = 1_048_576

type Variables = Readonly<Record<string, unknown>>
type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly value: Expression }
  | { readonly kind: 'if'; readonly branches: readonly { test: Test | undefined; body: readonly Piece[] }[] }
  | {
      readonly kind: 'for'
      readonly name: string
      readonly list: Expression
      readonly body: readonly Piece[]
    }
interface Expression {
  readonly path: readonly string[] | undefined
  readonly literal: unknown
  readonly filters: readonly { readonly name: string; readonly argument: string | undefined }[]
}
interface Test {
  readonly isNegated: boolean
  readonly left: Expression
  readonly compare: { readonly isEqual: boolean; readonly right: Expression } | undefined
}

/**
 * Fills in a template: of Jinja (https://jinja.palletsprojects.com/en/stable/templates/) what search templates are made of, which
 * is `{{ name }}`, filters (`default`, `join`, `lower`, `trim`, `upper`), `{% if %}` … `{% elif %}` … `{% else %}`, `{% for x in
 * list %}` and comments. A name that nothing fills is empty.
 *
 * @throws {DomainError} `invalid` (`bad-template`) for anything else, and for text that grows too long.
 */
export function renderTemplate(template: string, variables: Variables): string {
  if (template.length > MAX_TEMPLATE_LENGTH)
    throw bad(`a template has at most ${MAX_TEMPLATE_LENGTH} characters`)
  const tokens = template.split(/(\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\})/s).filter((token) => token !== '')
  const reader = { tokens, at: 0 }
  const pieces = readPieces(reader, [])
  if (reader.at < tokens.length) throw bad(`unexpected ${tokens[reader.at]}`)
  const out: string[] = []
  render(pieces, variables, out, { left: MAX_RENDERED_LENGTH })
  return out.join('')
}

function bad(reason: string): Error {
  return invalid('bad-template', `Search template syntax error: ${reason}.`)
}

interface Reader {
  readonly tokens: readonly string[]
  at: number
}

/** Reads up to one of these tags, which it leaves. */
function readPieces(reader: Reader, ends: readonly string[]): readonly Piece[] {
  const pieces: Piece[] = []
  for (; reader.at < reader.tokens.length; reader.at++) {
    const token = reader.tokens[reader.at]!
    if (token.startsWith('{{') && token.endsWith('}}'))
      pieces.push({ kind: 'value', value: readExpression(token.slice(2, -2)) })
    else if (token.startsWith('{%') && token.endsWith('%}')) {
      const tag = tagOf(token)
      const [word = ''] = tag.split(/\s/)
      if (ends.includes(word)) return pieces
      if (word === 'if') pieces.push(readIf(reader))
      else if (word === 'for') pieces.push(readFor(reader, tag))
      else throw bad(`unknown tag ${token}`)
    } else if (!token.startsWith('{#')) pieces.push({ kind: 'text', text: token })
  }
  if (ends.length > 0) throw bad(`${ends.at(-1)} is missing`)
  return pieces
}

function tagOf(token: string): string {
  return token.slice(2, -2).replace(/^-|-$/g, '').trim()
}

function readIf(reader: Reader): Piece {
  const branches: { test: Test | undefined; body: readonly Piece[] }[] = []
  for (;;) {
    const tag = tagOf(reader.tokens[reader.at]!)
    if (tag === 'endif') return { kind: 'if', branches }
    const test = tag === 'else' ? undefined : readTest(tag.replace(/^(if|elif)\b/, ''))
    reader.at += 1
    branches.push({ test, body: readPieces(reader, tag === 'else' ? ['endif'] : ['elif', 'else', 'endif']) })
  }
}

function readFor(reader: Reader, tag: string): Piece {
  const match = /^for\s+([A-Za-z_]\w*)\s+in\s+(.+)$/s.exec(tag)
  if (!match) throw bad(`unknown tag {% ${tag} %}`)
  reader.at += 1
  const body = readPieces(reader, ['endfor'])
  return { kind: 'for', name: match[1]!, list: readExpression(match[2]!), body }
}

function readTest(text: string): Test {
  const negated = /^\s*not\s+(.*)$/s.exec(text)
  const [left = '', operator, right] = (negated ? negated[1]! : text).split(/\s*(==|!=)\s*/)
  return {
    isNegated: negated !== null,
    left: readExpression(left),
    compare:
      operator === undefined ? undefined : { isEqual: operator === '==', right: readExpression(right ?? '') },
  }
}

const FILTERS = new Set(['default', 'join', 'lower', 'trim', 'upper'])

function readExpression(text: string): Expression {
  const [head = '', ...rest] = text.split('|').map((part) => part.trim().replace(/^-|-$/g, '').trim())
  const filters = rest.map((part) => {
    const match = /^(\w+)(?:\(\s*(?:"([^"]*)"|'([^']*)')?\s*\))?$/.exec(part)
    if (!match || !FILTERS.has(match[1]!)) throw bad(`unknown filter ${part.slice(0, 100)}`)
    return { name: match[1]!, argument: match[2] ?? match[3] }
  })
  const quoted = /^(?:"([^"]*)"|'([^']*)')$/.exec(head)
  if (quoted) return { path: undefined, literal: quoted[1] ?? quoted[2], filters }
  if (/^-?\d+(\.\d+)?$/.test(head)) return { path: undefined, literal: Number(head), filters }
  if (/^[A-Za-z_]\w*(\.\w+)*$/.test(head)) return { path: head.split('.'), literal: undefined, filters }
  throw bad(`a name or a text was expected, found ${head.slice(0, 100) || 'nothing'}`)
}

function render(pieces: readonly Piece[], variables: Variables, out: string[], room: { left: number }): void {
  const put = (text: string): void => {
    room.left -= text.length + 1
    if (room.left < 0) throw bad(`the text grows beyond ${MAX_RENDERED_LENGTH} characters`)
    out.push(text)
  }
  for (const piece of pieces) {
    if (piece.kind === 'text') put(piece.text)
    else if (piece.kind === 'value') put(toText(evaluate(piece.value, variables)))
    else if (piece.kind === 'if') {
      const taken = piece.branches.find(({ test }) => test === undefined || holds(test, variables))
      if (taken) render(taken.body, variables, out, room)
    } else {
      const list = evaluate(piece.list, variables)
      for (const item of Array.isArray(list) ? list : []) {
        put('')
        render(piece.body, { ...variables, [piece.name]: item }, out, room)
      }
    }
  }
}

function holds({ isNegated, left, compare }: Test, variables: Variables): boolean {
  const value = evaluate(left, variables)
  const result = compare
    ? (toText(value) === toText(evaluate(compare.right, variables))) === compare.isEqual
    : Array.isArray(value)
      ? value.length > 0
      : Boolean(value)
  return result !== isNegated
}

function evaluate({ path, literal, filters }: Expression, variables: Variables): unknown {
  let value: unknown = literal
  if (path) {
    value = variables
    for (const name of path)
      value =
        value !== null && typeof value === 'object' && Object.hasOwn(value, name)
          ? (value as Variables)[name]
          : undefined
  }
  return filters.reduce((now, { name, argument = '' }) => {
    if (name === 'default') return now ?? argument
    if (name === 'join') return Array.isArray(now) ? now.map(toText).join(argument) : now
    if (name === 'lower') return toText(now).toLowerCase()
    return name === 'upper' ? toText(now).toUpperCase() : toText(now).trim()
  }, value)
}

function toText(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
