import { describe, expect, test } from 'vitest'
import type { Query } from '../query.ts'
import { toDsl } from './to-dsl.ts'

describe('questions that the query string cannot say, in the DSL', () => {
  test('whole values of any type: a number is asked for as one too', () => {
    const like = (pattern: string): Query => ({
      kind: 'wildcard',
      field: 'f',
      pattern,
      whole: true,
      caseInsensitive: false,
      anyType: true,
    })
    expect(toDsl(like('a*'))).toEqual({ wildcard: { 'f.wildcard': { value: 'a*' } } })
    expect(toDsl(like('4625'))).toEqual({
      bool: {
        should: [{ wildcard: { 'f.wildcard': { value: '4625' } } }, { term: { f: { value: '4625' } } }],
        minimum_should_match: 1,
      },
    })
  })

  test('regular expressions over whole values, and ranges', () => {
    const anyType = true
    expect(toDsl({ kind: 'regexp', field: 'f', pattern: 'a', caseInsensitive: true, anyType })).toEqual({
      regexp: { 'f.wildcard': { value: 'a', case_insensitive: true } },
    })
    expect(toDsl({ kind: 'range', field: 'f', gt: '5', anyType })).toEqual({ range: { f: { gt: '5' } } })
  })

  test('fields against fields and parts of dates are scripts whose values are parameters', () => {
    const hostile = `f']; evil(); //`
    const fields = toDsl({
      kind: 'fields',
      field: hostile,
      other: 'g',
      how: 'endswith',
      caseInsensitive: true,
    })
    expect(fields).toMatchObject({
      script: { script: { params: { field: `${hostile}.keyword`, other: 'g.keyword' } } },
    })
    expect(JSON.stringify(fields)).toContain('toLowerCase().endsWith(b.toString().toLowerCase())')
    const part = toDsl({ kind: 'date-part', field: hostile, part: 'hour', gte: 22 })
    expect(part).toMatchObject({ script: { script: { params: { field: hostile } } } })
    expect(JSON.stringify(part)).toContain('d.getHour(); if (p >= 22)')
    for (const script of [fields, part])
      expect((script as { script: { script: { source: string } } }).script.script.source).not.toContain(
        'evil',
      )
  })
})
