import type { Clause, Scalar } from './clause.ts'

/**
 * Writes a question as Timesketch's converter does, before it is cleaned (`cleanQuery`). Whether a value stands in quotes hangs on the
 * field asked before it, so the order of writing is part of the format.
 */
export function printClause(clause: Clause): string {
  return new Printer().print(clause)
}

class Printer {
  /** Values are patterns: without quotes, over whole values. */
  #isPattern = true

  print(clause: Clause): string {
    switch (clause.kind) {
      case 'and':
      case 'or':
        return this.#printGroup(clause)
      case 'not':
        return `(NOT ${asGroup(this.print(clause.of))})`
      case 'keyword':
        return this.#printValue(clause.value)
      case 'has-field':
        return `_exists_:${clause.field}`
      case 'regexp':
        this.#isPattern = true
        return `${clause.field}.keyword:/${clause.source.replace(/\\.|\//g, (one) => (one === '/' ? '\\/' : one))}/`
      case 'field':
        return this.#printField(clause.field, clause.value)
    }
  }

  #printGroup({ kind, of }: Extract<Clause, { readonly kind: 'and' | 'or' }>): string {
    const word = kind === 'and' ? ' AND ' : ' OR '
    if (!of.every((part) => part.kind === 'keyword')) {
      return `(${of.map((part) => this.print(part)).join(word)})`
    }
    this.#isPattern = true
    const values = of.map(({ value }) =>
      this.#printValue(typeof value === 'string' ? addStars(value) : value),
    )
    this.#isPattern = false
    return `\\*.keyword:(${values.join(word)})`
  }

  #printField(field: string, value: Scalar | readonly Scalar[] | null): string {
    if (value === null) return `NOT _exists_:${field}`
    const values = withCases(field, value)
    const list = Array.isArray(values) ? values : [values]
    this.#isPattern = list.some((one) => typeof one === 'string' && /(?<!\\)(?:\\\\)*[*?]/.test(one))
    const name = this.#isPattern ? `${field}.keyword` : field
    const written = list.map((one) => this.#printValue(one))
    return Array.isArray(values) ? `${name}:(${written.join(' OR ')})` : `${name}:${written[0]}`
  }

  #printValue(value: Scalar): string {
    const text = escapeValue(String(value))
    if (text.trim() === '') return '""'
    return this.#isPattern ? text : `"${text}"`
  }
}

/** Hashes are written in both cases. */
function withCases(field: string, value: Scalar | readonly Scalar[]): Scalar | readonly Scalar[] {
  if (!field.toLowerCase().includes('hash')) return value
  if (typeof value === 'string') return [value.toUpperCase(), value.toLowerCase()]
  if (!Array.isArray(value)) return value
  return value.flatMap((one) => (typeof one === 'string' ? [one.toLowerCase(), one.toUpperCase()] : [one]))
}

function addStars(text: string): string {
  return `${text.startsWith('*') ? '' : '*'}${text}${text.endsWith('*') ? '' : '*'}`
}

function asGroup(text: string): string {
  return text.startsWith('(') ? text : `(${text})`
}

function escapeValue(text: string): string {
  return text.replace(/[\s+\-=!(){}[\]^"~:/]|(?<!\\)\\(?![*?\\])|\\u|&&|\|\|/g, '\\$&')
}
