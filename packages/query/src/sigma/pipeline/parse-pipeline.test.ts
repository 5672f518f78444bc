import { describe, expect, test } from 'vitest'
import { printQuery } from '../../print.ts'
import { compileSigma } from '../compile/compile-sigma.ts'
import type { SigmaCompilation } from '../compile/compiled.ts'
import { parsePipeline } from './parse-pipeline.ts'

const RULE = `
title: T
level: high
tags: [attack.t1059]
logsource: {category: process_creation, product: windows}
detection:
  selection: {Image: 'a.exe', Id: 7}
  keywords: [word]
  condition: selection or keywords
fields: [Image]
`

function compile(steps: string, rule = RULE, head = ''): SigmaCompilation {
  const pipeline = parsePipeline({ file: 'p.yml', text: `${head}\ntransformations:\n${steps}` })
  return compileSigma([{ file: 'r.yml', text: rule }], { pipelines: [pipeline] })
}
function queryOf(steps: string, rule?: string, head?: string): string {
  const { rules, failed } = compile(steps, rule, head)
  expect(failed).toEqual([])
  return printQuery(rules[0]!.query).replaceAll(' (whole value)', '')
}
const item = (line: string): string =>
  `title: T\nlogsource: {product: x}\ndetection:\n  s: {${line}}\n  condition: s\n`

describe('transformations of pipelines', () => {
  test.each([
    [
      '- {type: field_name_mapping, mapping: {Image: process.path}}',
      '(process.path:a.exe AND Id:7) OR *word*',
    ],
    ['- {type: field_name_mapping, mapping: {Image: [p, q]}}', '((p:a.exe OR q:a.exe) AND Id:7) OR *word*'],
    ["- {type: field_name_mapping, mapping: {'': message}}", '(Image:a.exe AND Id:7) OR message:*word*'],
    ['- {type: field_name_prefix_mapping, mapping: {Im: im.}}', '(im.age:a.exe AND Id:7) OR *word*'],
    ['- {type: field_name_prefix, prefix: x.}', '(x.Image:a.exe AND x.Id:7) OR *word*'],
    ['- {type: field_name_suffix, suffix: .x}', '(Image.x:a.exe AND Id.x:7) OR *word*'],
    [
      '- {type: add_condition, conditions: {C: $category}, template: true}',
      'C:process_creation AND ((Image:a.exe AND Id:7) OR *word*)',
    ],
    [
      '- {type: add_condition, conditions: {C: 1}, negated: true}',
      'NOT C:1 AND ((Image:a.exe AND Id:7) OR *word*)',
    ],
    [
      '- {type: drop_detection_item, field_name_conditions: [{type: include_fields, fields: [Image]}]}',
      'Id:7 OR *word*',
    ],
    [
      "- {type: replace_string, regex: '(\\w)\\.exe', replacement: '\\1\\1'}",
      '(Image:aa AND Id:7) OR *word*',
    ],
    ['- {type: map_string, mapping: {a.exe: [b, c]}}', '((Image:b OR Image:c) AND Id:7) OR *word*'],
    ['- {type: case, method: upper}', '(Image:A.EXE AND Id:7) OR *WORD*'],
    [
      '- {type: set_value, value: 1, detection_item_conditions: [{type: match_string, cond: any, pattern: "a.*"}]}',
      '(Image:1 AND Id:7) OR *word*',
    ],
    [
      '- {type: nest, items: [{type: change_logsource, category: c}, {type: add_condition, conditions: {C: x}, rule_conditions: [{type: logsource, category: c}]}]}',
      'C:x AND ((Image:a.exe AND Id:7) OR *word*)',
    ],
    [
      '- {id: one, type: set_state, key: k, val: v}\n- {type: field_name_prefix, prefix: x., rule_conditions: [{type: processing_state, key: k, val: v}, {type: processing_item_applied, processing_item_id: one}]}',
      '(x.Image:a.exe AND x.Id:7) OR *word*',
    ],
  ])('%s', (steps, query) => {
    expect(queryOf(steps)).toBe(query)
  })

  test('hashes are put into a field for each kind', () => {
    const steps = '- {type: hashes_fields, valid_hash_algos: [MD5, SHA1], field_prefix: File}'
    const md5 = 'd41d8cd98f00b204e9800998ecf8427e'
    expect(queryOf(steps, item(`Hashes|contains: ['SHA1=aa', '${md5}']`))).toBe(
      `FileSHA1:aa OR FileMD5:${md5}`,
    )
  })

  test.each([
    ['F: x', 'p:x OR q:x'],
    ['F: null', 'NOT _exists_:p AND NOT _exists_:q'],
    ['F: [null, x, y]', 'p:x OR p:y OR q:x OR q:y OR (NOT _exists_:p AND NOT _exists_:q)'],
    ['F|exists: true', '_exists_:p OR _exists_:q'],
    ['F|exists: false', 'NOT _exists_:p AND NOT _exists_:q'],
    ['F|neq: x', 'NOT p:x AND NOT q:x'],
    ['F|neq: [x, y]', 'NOT (p:x OR p:y) AND NOT (q:x OR q:y)'],
    ['F|neq: null', '_exists_:p OR _exists_:q'],
    ['F|neq: [null, x]', 'NOT p:x AND NOT q:x AND (_exists_:p OR _exists_:q)'],
    ['F|neq|exists: true', 'NOT _exists_:p AND NOT _exists_:q'],
    ['F|contains|all: [x, y]', '(p:*x* AND p:*y*) OR (q:*x* AND q:*y*)'],
    ['F|contains|all|neq: [x, y]', 'NOT (p:*x* AND p:*y*) AND NOT (q:*x* AND q:*y*)'],
    ['G|fieldref: F', 'G = p (any case) OR G = q (any case)'],
    ['G|fieldref|neq: F', 'NOT (G = p (any case) OR G = q (any case))'],
    ['G|fieldref|all: [F, H]', '(G = p (any case) OR G = q (any case)) AND G = H (any case)'],
  ])('a field of several names is missing where none of them is there: %s', (line, query) => {
    expect(queryOf('- {type: field_name_mapping, mapping: {F: [p, q]}}', item(line))).toBe(query)
  })

  test('a field that is mapped again and again is missing where none of all its names is there', () => {
    const steps =
      '- {type: field_name_mapping, mapping: {F: [p, q]}}\n- {type: field_name_mapping, mapping: {q: [r, s]}}'
    expect(queryOf(steps, item('F: null'))).toBe('NOT _exists_:p AND NOT _exists_:r AND NOT _exists_:s')
    expect(queryOf(steps, item('G|fieldref: F'))).toBe(
      'G = p (any case) OR G = r (any case) OR G = s (any case)',
    )
  })

  test.each([
    ['F: null', 'NOT THERE'],
    ['F|exists: true', 'THERE'],
    ['F|exists: false', 'NOT THERE'],
    ['F|neq: null', 'THERE'],
    ['F: [null, x]', 'IS_X OR (NOT THERE)'],
    ['F|neq: [null, x]', 'NOT IS_X AND THERE'],
  ])('a field of XML is missing where its element is: %s', (line, query) => {
    const regexpOf = (asked: string): string => queryOf('- {type: event_xml, field: xml}', item(asked))
    const there = regexpOf('F|exists: true')
    expect(there).toMatch(/^xml:.*data.*name.*f/i)
    const found = regexpOf(line).replaceAll(regexpOf('F: x'), 'IS_X').replaceAll(there, 'THERE')
    expect(found).toBe(query)
  })

  test.each([
    ['<Data Name="F"></Data>', true],
    ['<Data Name="F"/>', true],
    ["<Data Name='F' />", true],
    ['<Data Name="F">x</Data>', false],
    ['<Data Name="FF"/>', false],
  ])('an empty field of XML is found however it is written: %s', (xml, isFound) => {
    const [rule] = compile('- {type: event_xml, field: xml}', item("F: ''")).rules
    const regexp = rule?.query
    if (regexp?.kind !== 'regexp') throw new Error(`expected a regular expression, found ${regexp?.kind}`)
    expect(new RegExp(regexp.pattern).test(xml)).toBe(isFound)
    expect(queryOf('- {type: event_xml, field: xml}', item("F: ['', x]"))).toContain(' OR ')
  })

  test('what is split of a negated field must hold of none of its parts', () => {
    const hashes = '- {type: hashes_fields, valid_hash_algos: [MD5, SHA1], field_prefix: File}'
    expect(queryOf(hashes, item("Hashes|neq: ['SHA1=aa', 'MD5=bb']"))).toBe(
      'NOT FileSHA1:aa AND NOT FileMD5:bb',
    )
    const groups = "- {type: extract_fields, regex: '(?P<kind>[A-Za-z]+):(?P<number>[0-9]+)'}"
    expect(queryOf(groups, item("F|neq: ['Dword:15', 'Qword:7']"))).toBe(
      '((NOT kind:Dword) OR (NOT number:15)) AND ((NOT kind:Qword) OR (NOT number:7))',
    )
  })

  test('named groups are put into fields of their own', () => {
    const steps =
      "- {type: extract_fields, regex: '(?P<kind>[A-Za-z]+):(?P<number>[0-9]+)', field_prefix: reg}"
    expect(queryOf(steps, item("F: 'Dword:15'"))).toBe('reg.kind:Dword AND reg.number:15')
  })

  test('placeholders are filled from vars, in texts and regular expressions', () => {
    const vars = 'vars: {users: [adm_*, root]}'
    const rule = item("U|expand: '%users%', V|re|expand: '^%users%$'")
    expect(
      queryOf('- {type: value_placeholders, include: [users]}', item("U|expand: 'x%users%'"), vars),
    ).toBe('U:xadm_* OR U:xroot')
    expect(compile('- {type: value_placeholders}', rule, vars).failed[0]!.reason).toContain('plain text')
    expect(queryOf('- {type: wildcard_placeholders}', item("U|expand: '%users%x'"))).toBe('U:*x')
    expect(compile('- {type: value_placeholders}', rule).failed[0]!.code).toBe('refused-by-pipeline')
  })

  test('vars alone fill placeholders that no step replaced, and those of other pipelines', () => {
    const rule = item("U|expand: ['%users%', '%other%x']")
    const vars = 'vars: {users: [adm_*, root]}'
    const read = (text: string) => parsePipeline({ file: 'p.yml', text })
    const ask = (...texts: readonly string[]) =>
      compileSigma([{ file: 'r.yml', text: rule }], { pipelines: texts.map(read) }).rules[0]!
    expect(ask(vars)).toMatchObject({ placeholders: ['other'], query: { kind: 'none' } })
    const other = 'transformations: [{type: wildcard_placeholders, include: [other]}]'
    expect(ask(vars, other).placeholders).toEqual([])
    const all = printQuery(ask(vars, 'vars: {other: [a]}').query).replaceAll(' (whole value)', '')
    expect(all).toBe('U:adm_* OR U:root OR U:ax')
    const named = 'transformations: [{type: wildcard_placeholders}]'
    expect(printQuery(ask(vars, named).query)).not.toContain('root')
  })

  test.each([
    ["C|expand|contains|all: ['%users%', x]", '(C:*adm_** OR C:*root*) AND C:*x*'],
    ["C|expand|contains: ['%users%', x]", 'C:*adm_** OR C:*root* OR C:*x*'],
  ])('where several values stand in place of one, one of them must be there: %s', (asked, query) => {
    const vars = 'vars: {users: [adm_*, root]}'
    expect(queryOf('- {type: value_placeholders}', item(asked), vars)).toBe(query)
  })

  test.each([
    '- {type: event_xml, field: xml}',
    "- {type: replace_string, regex: '^(.*)$', replacement: '<\\1>'}",
    '- {type: hashes_fields, valid_hash_algos: [MD5]}',
    "- {type: extract_fields, regex: '(?P<kind>.+)'}",
    '- {type: field_name_mapping, mapping: {Hashes: [p, q]}}',
  ])('placeholders without values stay placeholders: %s', (steps) => {
    const rule = item("Hashes|expand: 'MD5=%bad%'").replace('condition: s', 'condition: not s')
    const [compiled] = compile(steps, rule).rules
    expect(compiled).toMatchObject({ placeholders: ['bad'], query: { kind: 'none' } })
  })

  test('a failure refuses the rule with its message', () => {
    const { failed } = compile('- {type: rule_failure, message: not here}')
    expect(failed).toMatchObject([
      { code: 'refused-by-pipeline', reason: 'not here', file: 'r.yml', rule: 'T' },
    ])
    const strict = '- {type: field_name_mapping, mapping: {Image: x}}\n- {type: strict_field_mapping_failure}'
    expect(compile(strict).failed[0]!.reason).toBe('no mapping for the fields Id')
  })
})

describe('conditions of pipelines', () => {
  const prefix = (conditions: string): boolean =>
    queryOf(`- {type: field_name_prefix, prefix: x., ${conditions}}`).includes('x.Image')

  test.each<[string, boolean]>([
    ['rule_conditions: [{type: logsource, product: windows}]', true],
    ['rule_conditions: [{type: logsource, product: linux}]', false],
    ['rule_conditions: [{type: logsource, product: linux}], rule_cond_not: true', true],
    ['rule_conditions: [{type: logsource, product: linux}, {type: is_sigma_rule}], rule_cond_op: or', true],
    [
      'rule_conditions: {a: {type: logsource, product: windows}, b: {type: tag, tag: attack.t1}}, rule_cond_expr: a and not b',
      true,
    ],
    ['rule_conditions: [{type: rule_attribute, attribute: level, op: gte, value: medium}]', true],
    ['rule_conditions: [{type: rule_attribute, attribute: level, op: gt, value: high}]', false],
    ['rule_conditions: [{type: contains_field, field: Id}]', true],
    ['rule_conditions: [{type: contains_detection_item, field: Id, value: 8}]', false],
    ['field_name_conditions: [{type: exclude_fields, mode: re, fields: ["Im.*"]}]', false],
    ['field_name_conditions: [{type: include_fields, fields: [Image]}]', true],
    ['detection_item_conditions: [{type: is_null, cond: any}]', false],
    ['detection_item_conditions: [{type: match_value, cond: any, value: a.exe}]', true],
  ])('%s', (conditions, isApplied) => {
    expect(prefix(conditions)).toBe(isApplied)
  })
})

describe('pipelines that cannot be read', () => {
  test.each([
    ['transformations:\n  - type: nope', 'type: one of nest, field_name_mapping'],
    ['transformations:\n  - type: field_name_prefix', '"prefix" expected, found none'],
    ['transformations:\n  - {type: field_name_prefix, prefix: x, sufix: y}', 'found "sufix"'],
    ['transformation: []', 'found "transformation"'],
    ['transformations:\n  - {type: http_placeholders, url: x}', 'nothing is fetched from outside'],
    [
      'transformations:\n  - {type: replace_string, regex: "(", replacement: x}',
      'a regular expression expected',
    ],
    ['transformations:\n  - {type: case, rule_conditions: [{type: moon}]}', 'one of logsource'],
    ['[', 'Flow sequence'],
    ['x', 'a pipeline: a map expected'],
  ])('%j: %s', (text, reason) => {
    expect(() => parsePipeline({ file: 'p.yml', text })).toThrow(reason)
  })

  test('parts that change the text of queries are named as passed over', () => {
    const text =
      'name: n\npriority: 5\nallowed_backends: [x]\npostprocessing: [{type: embed}]\nfinalizers: []'
    expect(parsePipeline({ file: 'p', text })).toMatchObject({
      name: 'n',
      priority: 5,
      ignored: ['postprocessing', 'finalizers'],
    })
  })
})
