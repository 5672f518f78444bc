import { expect, test } from 'vitest'
import { readRules } from '../rules/read-rules.ts'
import { readRuleText } from './read-rule-text.ts'
import { writeRuleTexts } from './write-rule-text.ts'

const UUID = '11111111-1111-4111-8111-111111111111'
const DRAFT = {
  title: 'Title: "x"',
  description: 'a\nb',
  severity: 60,
  tags: ['attack.t1059', 'free text'],
  isEnabled: true,
  details: {},
}

function write(payload: string): ReturnType<typeof writeRuleTexts> {
  return writeRuleTexts({ ...DRAFT, payload }, UUID)
}

/** What the library reads of a text. */
function read(text: string): readonly string[] {
  const { rules, failed } = readRules({ file: 'x', text })
  expect(failed).toEqual([])
  return [...rules].map(({ uuid, document }) => `${uuid} ${document.kind} ${document.meta.level}`)
}

test('a detection alone becomes a rule that the library reads', () => {
  const { main, members } = write('detection:\n  s:\n    a|contains: b\n  condition: s')
  expect(members.size).toBe(0)
  expect(read(main)).toEqual([`${UUID} rule high`])
})

test('a rule of its own keeps its log source, and takes title and id of the call', () => {
  const { main } = write(
    'title: other\nid: 1\nlogsource: {product: linux}\nlevel: low\ndetection:\n  s: {a: b}\n  condition: s',
  )
  expect(main).toContain('product: linux')
  expect(read(main)).toEqual([`${UUID} rule high`])
})

test.each([
  'action: correlation\ntype: event_count\nrule: failed\ngroup-by: [user.name]\ntimespan: 1h\ncondition: {gte: 3}',
  'correlation:\n  type: event_count\n  rules: [failed]\n  group-by: [user.name]\n  timespan: 1h\n  condition: {gte: 3}',
])('a correlation and its rule are read together: %s', (correlation) => {
  const { main, members } = write(
    `name: failed\ndetection:\n  s: {a: b}\n  condition: s\n---\n${correlation}`,
  )
  expect(read([...members.values(), main].join('---\n')).map((line) => line.split(' ')[1])).toEqual([
    'rule',
    'correlation',
  ])
})

test.each([
  ['', 'a detection was expected'],
  ['- a', 'a detection was expected'],
  ['a: [', 'line 1'],
  ['a: 1\n---\nb: 1', 'several with a correlation'],
  ['detection: {}\n---\naction: correlation', 'a name was expected in document 1'],
  [
    `x: &x [a]\n${Array.from({ length: 200 }, (_, at) => `k${at}: [${'*x, '.repeat(30)}]`).join('\n')}`,
    'alias',
  ],
])('a payload that cannot be used is refused (%#)', (payload, sentence) => {
  expect(() => write(payload)).toThrow(new RegExp(sentence, 'i'))
})

test.each([
  [
    'aliases that grow',
    `a: &a [x, x, x, x, x, x, x, x, x, x]
b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
detection:
  s: {f: *c}
  condition: s`,
    /alias/,
  ],
  ['an alias of nothing', 'detection:\n  s: {f: *none}\n  condition: s', /none/],
])('%s are refused with a sentence', (_what, payload, words) => {
  expect(() => write(payload)).toThrow(
    expect.objectContaining({ code: 'bad-rule', message: expect.stringMatching(words) }),
  )
})

test.each([
  ['a|re: "(a+"', /^The payload cannot be used: at "a\|re: \(a\+": /],
  ['a|nonsense: b', /^The payload cannot be used: at "a\|nonsense: b": .*nonsense/],
])('what the compiler refuses is shown by its text: %s', (item, words) => {
  const { main } = write(`detection:\n  s:\n    ${item}\n  condition: s`)
  expect(() => readRuleText(main)).toThrow(
    expect.objectContaining({ code: 'bad-rule', message: expect.stringMatching(words) }),
  )
})
