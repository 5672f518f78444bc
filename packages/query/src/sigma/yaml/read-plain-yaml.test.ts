import { describe, expect, test } from 'vitest'
import { readAnyYaml } from './read-any-yaml.ts'
import { readPlainYaml } from './read-plain-yaml.ts'
import { toPlainValue, type YamlDocument, type YamlNode } from './yaml-node.ts'

/** Documents with the places of all values that are there. */
function strip(documents: readonly YamlDocument[] | undefined): unknown {
  return documents?.map(({ root }) => root && stripNode(root))
}

function stripNode(node: YamlNode): unknown {
  if (node.kind === 'map')
    return {
      at: node.offset,
      map: node.entries.map(({ key, offset, value }) => [key, offset, stripNode(value)]),
    }
  if (node.kind === 'list') return { at: node.offset, list: node.items.map(stripNode) }
  return node.value === null ? null : { ...node }
}

const PLAIN: readonly string[] = [
  'title: A b # c\nid: x-1\n',
  "a: 'it''s'\nb: \"x\\\\y\\n\\\"\"\n'|all':\n  - 1\n  - 2.5\n  - true\n  - ~\n  - ''\n",
  'a:\n- x\n- y: 1\n  z: 2\n-\n  w: 3\nb:\n    - q\n',
  'd: |\n    first\n      deeper\n\n    last\n\nnext: 1\n',
  'd: |-\n  text\n',
  'a: 1\n---\nb: 2\n---\n',
  '---\na: http://x.example/y#z\nc: a:b\n',
  'a:\nb:\n  c:\n# comment\n  d: 0x10\n',
  'f|contains|all:\n    - -x\n    - "- y"\n    - 00429\n    - +5\n    - 1e3\n',
  '',
  '# nothing\n',
]

describe('YAML as rules are written', () => {
  test.each(PLAIN)('%j is read as the library reads it', (text) => {
    expect(readPlainYaml(text)).toBeDefined()
    expect(strip(readPlainYaml(text))).toEqual(strip(readAnyYaml(text)))
  })

  test.each([
    'a: [1, 2]',
    'a: {b: c}',
    'a: &x 1\nb: *x',
    'a: two\n  lines',
    "a: 'two\n  lines'",
    'a: >\n  folded\n',
    'a: 1\na: 2',
    'a: b: c',
    'a: "\\x41"',
    'a:\n  b: 1\n c: 2',
    '- - a',
    'a: 1\n  - b',
    'a: @x',
    'just text',
    '? a\n: b',
    'a\tb: 1',
    "a: 'x' y",
    'd: |2\n   x\n',
  ])('%j is left to the library', (text) => {
    expect(readPlainYaml(text)).toBeUndefined()
  })

  test('texts made at random are read as the library reads them, or left to it', () => {
    const pieces = [
      'a',
      'b: ',
      '- ',
      '  ',
      '\n',
      '\n  ',
      '\n- ',
      "'",
      '"',
      ': ',
      ' #',
      '|',
      '1',
      'x|y',
      ':',
      '-',
      '\\',
      '\n\n',
      'null',
      '---\n',
    ]
    let state = 1
    const random = (below: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return Math.floor((state / 2 ** 32) * below)
    }
    let read = 0
    for (let round = 0; round < 20_000; round++) {
      const text = Array.from({ length: 1 + random(12) }, () => pieces[random(pieces.length)]).join('')
      const plain = readPlainYaml(text)
      if (!plain) continue
      read++
      const wanted = readAnyYaml(text)
      expect({ text, mistakes: wanted.map(({ mistake }) => mistake) }).toEqual({
        text,
        mistakes: wanted.map(() => undefined),
      })
      const values = (documents: readonly YamlDocument[]): unknown =>
        documents.flatMap(({ root }) => (root ? [toPlainValue(root)] : []))
      expect({ text, values: values(plain) }).toEqual({ text, values: values(wanted) })
    }
    expect(read).toBeGreaterThan(500)
  })
})
