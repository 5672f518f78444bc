import { expect, test } from 'vitest'
import { isPipeline } from './is-pipeline.ts'

test.each([
  ['vars alone', 'vars: {admins: [root]}', true],
  ['steps, without a name', 'transformations: []', true],
  ['a broken step', 'name: p\ntransformations: {}', true],
  ['a name with a priority', 'name: p\npriority: 10', true],
  ['a name alone', 'name: p', false],
  ['a rule that says its priority', 'title: r\nname: r\npriority: 1\nlogsource: {}\ndetection: {}', false],
  ['a correlation with vars', 'correlation: {}\nvars: {}', false],
  ['a filter with vars', 'filter: {}\nvars: {}', false],
  ['an action with vars', 'action: global\nvars: {}', false],
  ['no YAML', 'transformations: [', false],
  ['a text', 'transformations', false],
  ['nothing', '', false],
])('files of pipelines are told from files of rules: %s', (_, text, is) => {
  expect(isPipeline({ file: 'p.yml', text })).toBe(is)
})
