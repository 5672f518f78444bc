import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { parseLucene } from '../../lucene/parse-lucene.ts'
import { parseSigmaDocuments } from '../rule/parse-documents.ts'
import { convertForTimesketch } from './convert-rule.ts'

function convert(text: string): string {
  const rule = `title: a rule\n${text}`
  const { documents, problems } = parseSigmaDocuments({ file: 'rule', text: rule })
  expect(problems).toEqual([])
  return convertForTimesketch(documents[0]!, parse(rule))
}

// Written by Timesketch's own converter for the same rules; where it makes `."x` of an expression and `foo"` of a word with a star, with
// these as the rule has them.
test.each<[what: string, rule: string, query: string]>([
  [
    'a keyword of a shell',
    `logsource: {product: linux, service: shell}
detection: {keywords: ['*apt-get install zmap*'], condition: keywords}`,
    '(data_type:("shell:zsh:history" OR "bash:history:command" OR "apt:history:line" OR "selinux:line") AND "apt-get install zmap")',
  ],
  [
    'fields of the security log',
    `logsource: {product: windows, service: security}
detection:
  selection:
    EventID: 4624
    ProcessName|endswith: '\\WmiPrvSE.exe'
  condition: selection`,
    '(data_type:"windows:evtx:record" AND source_name:("Microsoft-Windows-Security-Auditing" OR "Microsoft-Windows-Eventlog") AND event_identifier:"4624" AND xml_string:"\\\\WmiPrvSE.exe")',
  ],
  [
    'a process of Windows',
    `logsource: {product: windows, category: process_creation}
detection:
  selection:
    Image|endswith: '\\whoami.exe'
    CommandLine|contains: 'user add'
  condition: selection`,
    '(data_type:"windows:evtx:record" AND event_identifier:("1" OR "4688") AND source_name:("Microsoft-Windows-Sysmon" OR "Microsoft-Windows-Security-Auditing" OR "Microsoft-Windows-Eventlog") AND message:"\\\\whoami.exe" AND xml_string:"user add")',
  ],
  [
    'keywords without a log source, blanks kept',
    `logsource: {product: none of them}
detection:
  keywords: ['Whitespace at', ' beginning ', ' and extra text ']
  condition: keywords`,
    '("Whitespace at" OR " beginning " OR " and extra text ")',
  ],
  [
    'keywords of a service',
    `logsource: {service: sshd}
detection: {keywords: ['Invalid user', 'Failed password'], condition: keywords}`,
    '(data_type:"syslog\\/sshd" AND ("Invalid user" OR "Failed password"))',
  ],
  [
    'parts of a URL',
    `logsource: {category: webserver}
detection:
  selection:
    c-uri|contains: ['\${jndi:ldap', '..%2f']
    cs-method: GET
  condition: selection`,
    '(data_type:("apache:access" OR "iis:log:line") AND c-uri:("$\\{jndi:ldap" OR "..%2f") AND cs-method:"GET")',
  ],
  [
    'a selection without what a filter says',
    `logsource: {product: linux, category: process_creation}
detection:
  selection:
    Image: /usr/bin/curl
    CommandLine|contains|all: [' -o ', 'http']
  filter:
    User: root
  condition: selection and not filter`,
    '(data_type:("shell:zsh:history" OR "bash:history:command" OR "apt:history:line" OR "selinux:line") AND (message:"\\/usr\\/bin\\/curl" AND xml_string:" -o " AND xml_string:"http") AND (NOT (User:"root")))',
  ],
  [
    'no value, an expression, a hash',
    `logsource: {product: none of them}
detection:
  selection:
    foo: null
    bar|re: '.*x[0-9]+'
    Hashes: ABC
  condition: selection`,
    '(NOT _exists_:foo AND bar:/.*x[0-9]+/ AND Hashes:("ABC" OR "abc"))',
  ],
  [
    'starts and ends, which are equal there',
    `logsource: {product: none of them}
detection:
  selection:
    x|startswith: 'C:\\foo'
    y|endswith: bar
    z|contains: a b
  condition: selection`,
    '(x:"C:\\\\foo" AND y:"bar" AND z:"a b")',
  ],
  [
    'keywords with stars of their own',
    `logsource: {product: none of them}
detection: {keywords: ['*onlyoneterm*', '*two words*', '*completely new term*'], condition: keywords}`,
    '("onlyoneterm" OR "two words" OR "completely new term")',
  ],
  [
    'keywords with colons',
    `logsource: {product: none of them}
detection: {keywords: ['aaa:bbb', 'ccc::ddd'], condition: keywords}`,
    '("aaa:bbb" OR "ccc\\:\\:ddd")',
  ],
  [
    'a keyword alone',
    'logsource: {product: none of them}\ndetection: {keywords: [foobar], condition: keywords}',
    'foobar',
  ],
  [
    'a list with a pattern in it',
    `logsource: {product: windows, service: system}
detection:
  selection:
    EventID: [7045, 7036]
    ServiceName: [PSEXESVC, 'foo*']
  condition: selection`,
    '(data_type:"windows:evtx:record" AND source_name:("Microsoft-Windows-Eventlog") AND event_identifier:("7045" OR "7036") AND xml_string:(PSEXESVC OR foo*))',
  ],
])('%s', (_, rule, query) => {
  expect(convert(rule)).toBe(query)
})

test('what all alternatives have in common is asked once', () => {
  const rule = `logsource: {product: none of them}
detection:
  one: {a: 1, b: 2}
  two: {a: 1, c: 3}
  condition: 1 of them`
  expect(convert(rule)).toBe('(a:"1" AND (b:"2" OR c:"3"))')
})

test('a rule with what the converter does not have is written as pySigma writes it', () => {
  const rule = `logsource: {product: none of them}
detection:
  selection: {address|cidr: 10.0.0.0/8}
  condition: selection`
  expect(convert(rule)).toBe('address:10.0.0.0\\/8')
})

test('a count of Sigma 1 asks for what is counted', () => {
  const rule = `logsource: {product: none of them}
detection:
  keywords: [x]
  condition: keywords | count() > 5`
  expect(convert(rule)).toBe('x')
})

test.each([
  ['base64', 'x', String.raw`x:"eA\=\="`],
  ['base64', 'é€', String.raw`x:"6aw\="`],
  ['base64offset|contains', 'abc', 'x:("YWJj" OR *FiY* OR "hYm")'],
  ['wide|base64offset|contains', 'ab', 'x:("YQBiA" OR *EAYg* OR "hAGIA")'],
  ['utf16|base64', 'a', String.raw`x:"\/\/5hAA\=\="`],
])('encodes by %s', (modifiers, value, expected) => {
  const rule = `logsource: {product: none of them}
detection:
  selection: {x|${modifiers}: ${value}}
  condition: selection`
  expect(convert(rule)).toBe(expected)
})

// Timesketch's own converter writes `x:")`, `x:/^foo."bar$/`, `x:foo" AND y:"b")` here, which no server can read.
test.each([
  ['{x: ""}', '(sourceName:"A" AND x:"")'],
  ["{x|re: '^foo.*bar$'}", '(sourceName:"A" AND x:/^foo.*bar$/)'],
  ["{x|re: 'a/b\\/c d*'}", String.raw`(sourceName:"A" AND x:/a\/b\/c d*/)`],
  ['{x: foo*, y: b}', '(sourceName:"A" AND x:foo* AND y:"b")'],
  ["{x: 'a\"'}", String.raw`(sourceName:"A" AND x:"a\"")`],
  ["{x: '*a b*'}", '(sourceName:"A" AND x:"a b")'],
])('%s can be asked', (selection, expected) => {
  const query = convert(`logsource: {product: none of them}
detection:
  one: {sourceName: A}
  selection: ${selection}
  condition: one and selection`)
  expect(query).toBe(expected)
  expect(parseLucene(query)).toBeDefined()
})
