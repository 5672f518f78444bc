import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { RowText } from '../piece/row-text.ts'
import { StoredAttributes } from '../piece/stored-attributes.ts'
import { readDefinitions } from './definition.ts'
import { MessageWriter } from './message-writer.ts'

/** The message of attributes as it is copied; undefined where it has to be made of values. */
function copy(writer: MessageWriter, values: object): string | undefined {
  const json = Buffer.from(JSON.stringify(values))
  const attributes = new StoredAttributes()
  attributes.enter(json)
  expect(attributes.read(0, json.length)).toBe(true)
  const text = new RowText(undefined)
  text.write('"')
  if (writer.copy('a:b', attributes, text) === undefined) return undefined
  text.write('"')
  const message: string = JSON.parse(text.toString())
  expect(message).toBe(writer.write('a:b', attributes).text)
  return message
}

function makeWriter(definition: object): MessageWriter {
  const definitions = readDefinitions([{ data_type: 'A:B', type: 'conditional', ...definition }], 'test')
  return new MessageWriter({ definitions })
}

describe('messages that are copied are those that are made of values', () => {
  const message = ['A: {a}', '{b}', 'C {c} {d}', 'plain\n', '{e:04x}', '"{f}"']

  it.each([
    [{}, 'plain'],
    [{ a: 'x', b: 7 }, 'A: x 7 plain'],
    [{ a: 'C:\\x "y"', b: true, e: 255 }, 'A: C:\\x "y" True plain 00ff'],
    [{ a: 'two\r\nlines\tand', b: ['x', 1, null] }, "A: twolines\tand ['x', 1, None] plain"],
    [{ a: '', b: null, c: 1, d: -2, f: '' }, 'A:  C 1 -2 plain ""'],
    [{ b: { a: 'b\n' }, f: '/' }, "{'a': 'b\\n'} plain \"/\""],
  ])('of %j', (values, expected) => {
    expect(copy(makeWriter({ message }), values)).toBe(expected)
  })

  it('with what helpers put in the place of values', () => {
    const helpers = {
      boolean_helpers: [
        { input_attribute: 'a', output_attribute: 'a', value_if_true: 'yes\n', value_if_false: 'no' },
      ],
    }
    expect(copy(makeWriter({ message: ['{a}', '{b}'], ...helpers }), { a: true, b: 'x' })).toBe('yes x')
  })

  it('with no separator', () => {
    expect(copy(makeWriter({ message, separator: '' }), { a: 'x', b: 'y' })).toBe('A: xyplain')
  })
})

it('leaves messages to values where pieces miss an attribute, or where formatters are of one piece', () => {
  expect(copy(makeWriter({ message: ['{a} {b}'] }), { a: 1 })).toBeUndefined()
  expect(copy(makeWriter({ type: 'basic', message: '{a}' }), { a: 1 })).toBeUndefined()
})
