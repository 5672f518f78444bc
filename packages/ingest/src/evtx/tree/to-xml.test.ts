import { expect, it } from 'vitest'
import { toXml } from './to-xml.ts'
import type { XmlElement, XmlNode } from './xml-element.ts'

const value = (text: string): XmlNode => ({ kind: 'value', value: text })
const element = (
  name: string,
  content: XmlNode[],
  attributes: XmlElement['attributes'] = [],
): XmlElement => ({
  name,
  attributes,
  content,
})

it('writes elements on lines of their own, and text where it stands', () => {
  const inner = element('Data', [value('a'), { kind: 'value', value: 7 }], [['Name', 'x']])
  const root = element('Event', [
    { kind: 'element', element: inner },
    { kind: 'element', element: element('E', []) },
  ])
  expect(toXml(root)).toBe('<Event>\n  <Data Name="x">a7</Data>\n  <E/>\n</Event>')
})

it('escapes what means something in XML and replaces what it cannot hold', () => {
  expect(toXml(element('E', [value('<&>"\u0001\ud800')], [['a', '<&>"\'\n']]))).toBe(
    '<E a="&lt;&amp;&gt;&quot;&apos;\n">&lt;&amp;&gt;"_\ufffd</E>',
  )
})

it('lets no name and no instruction end a tag', () => {
  const root = element('a><b', [{ kind: 'instruction', target: 'x?>', data: '?><c/>' }], [['k="v" l', '1']])
  expect(toXml(root)).toBe('<a__b k__v__l="1"><?x__ ?_<c/>?></a__b>')
})
