import { describe, expect, it } from 'vitest'
import { type Attributes, PlasoTuple, type Value } from '../piece/container-value.ts'
import { FormatterError, readDefinitions } from './definition.ts'
import { MessageWriter } from './message-writer.ts'
import { OWN_FORMATTERS } from './own/own-formatters.ts'

function attributes(values: Readonly<Record<string, Value>>): Attributes {
  return new Map(Object.entries(values))
}

function write(definition: object, values: Readonly<Record<string, Value>>): string {
  const definitions = readDefinitions([{ data_type: 'A:B', type: 'conditional', ...definition }], 'test')
  return new MessageWriter({ definitions }).write('a:b', attributes(values)).text
}

describe('messages by formatters of the user', () => {
  it('leave out pieces without their attribute, keep braces that are doubled, and have no line breaks', () => {
    const message = ['A: {a}', 'B: {b:04x}', 'plain', '{{c}}']
    expect(write({ message }, { a: 'x\r\ny' })).toBe('A: xy plain {c}')
    expect(write({ message, separator: ', ' }, { b: 255 })).toBe('B: 00ff, plain, {c}')
  })

  it('put words in the place of values', () => {
    const definition = {
      message: ['{e}', '{f}', '{g}', '{h}'],
      boolean_helpers: [
        { input_attribute: 'b', output_attribute: 'e', value_if_true: 'yes', value_if_false: 'no' },
      ],
      enumeration_helpers: [
        {
          input_attribute: 'n',
          output_attribute: 'f',
          default_value: 'other',
          values: new Map<unknown, string>([
            [1, 'one'],
            ['2', 'text'],
          ]),
        },
      ],
      flags_helpers: [
        {
          input_attribute: 'n',
          output_attribute: 'g',
          values: new Map([
            [1, 'low'],
            [4, 'high'],
          ]),
        },
      ],
    }
    expect(write(definition, { b: [], n: 1 })).toBe('no one low')
    expect(write(definition, { b: true, n: 5 })).toBe('yes other low, high')
  })

  it('list what there is where one that is needed is missing, and where there is no formatter', () => {
    expect(write({ type: 'basic', message: '{gone}' }, { data_type: 'a:b', a: 1, _hidden: 2 })).toBe(
      'data_type: a:b a: 1',
    )
    const writer = new MessageWriter({ definitions: [] })
    expect(writer.write('x', attributes({ data_type: 'x', a: ['b'] })).text).toBe(
      "<WARNING DEFAULT FORMATTER> Attributes: a: ['b']",
    )
  })

  it('know the effects that are written in code', () => {
    const values = [new PlasoTuple(['b', 'REG_SZ', 'x']), new PlasoTuple(['', 'REG_DWORD', 0])]
    expect(
      write(
        { message: ['{values}'], custom_helpers: [{ identifier: 'windows_registry_values' }] },
        { values },
      ),
    ).toBe('(default): [REG_DWORD] (empty), b: [REG_SZ] x')
    expect(
      write(
        { message: ['{linked_path}'], custom_helpers: [{ identifier: 'windows_shortcut_linked_path' }] },
        { relative_path: 'a', working_directory: 'C:' },
      ),
    ).toBe('C:\\a')
    expect(
      write(
        { message: ['{file_reference}'], custom_helpers: [{ identifier: 'ntfs_file_reference' }] },
        { file_reference: 0x0003_0000_0000_0005n },
      ),
    ).toBe('5-3')
  })

  it('are refused with their place when they cannot be read', () => {
    expect(() => readDefinitions([{ data_type: 'x', type: 'odd', message: '' }], 'f.yaml')).toThrow(
      FormatterError,
    )
    expect(() => readDefinitions([{ data_type: 'x', type: 'basic', message: ['a'] }], 'f.yaml')).toThrow(
      'f.yaml, formatter 1: expected one text as the message of x',
    )
  })
})

describe('messages of our own', () => {
  it('are there for 150 data types at least, each with a source', () => {
    expect(OWN_FORMATTERS.length).toBeGreaterThanOrEqual(150)
    expect(new Set(OWN_FORMATTERS.map(({ data_type }) => data_type)).size).toBe(OWN_FORMATTERS.length)
    expect(OWN_FORMATTERS.filter(({ source, short_source }) => !source || !short_source)).toEqual([])
  })

  it('leave out empty texts, and list the attributes of data types that nobody knows', () => {
    const writer = new MessageWriter({})
    expect(
      writer.write('syslog:line', attributes({ reporter: 'su', message_body: 'ok', severity: '' })).text,
    ).toBe('su: ok')
    expect(writer.write('new:type', attributes({ data_type: 'new:type', a: 1, b: 'c' })).text).toBe(
      'a: 1 b: c',
    )
  })

  it('are those of a data type’s other name, too', () => {
    expect(new MessageWriter({}).write('setupapi:log:line', attributes({ entry_type: 'Boot' })).text).toBe(
      'Boot',
    )
  })
})
