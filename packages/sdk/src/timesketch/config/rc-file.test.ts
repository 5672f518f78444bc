import { expect, test } from 'vitest'
import { changeRcFile, parseRcFile } from './rc-file.ts'

const FILE = `# mine
[timesketch]
host_uri = https://one.example
Username: alice
# the key
cred_key = abc%%def=
path = %(host_uri)s/x
  y
verify = True

[other]
host_uri = http://two.example
`

test('sections, comments, percent signs, references and values of several lines are read', () => {
  const sections = parseRcFile(FILE)
  expect([...sections.keys()]).toEqual(['timesketch', 'other'])
  expect(Object.fromEntries(sections.get('timesketch') ?? [])).toEqual({
    host_uri: 'https://one.example',
    username: 'alice',
    cred_key: 'abc%def=',
    path: 'https://one.example/x\ny',
    verify: 'True',
  })
})

test('what [DEFAULT] has, every section has, and references see it', () => {
  const sections = parseRcFile(`[DEFAULT]
host = one.example
verify = False
host_uri = https://%(host)s/

[timesketch]
username = alice

[lab]
host = lab.example
verify = True
`)
  expect([...sections].map(([name, values]) => [name, Object.fromEntries(values)])).toEqual([
    [
      'timesketch',
      { host: 'one.example', verify: 'False', host_uri: 'https://one.example/', username: 'alice' },
    ],
    ['lab', { host: 'lab.example', verify: 'True', host_uri: 'https://lab.example/' }],
  ])
})

test('values are changed in their section, and nothing else is', () => {
  const changed = changeRcFile(FILE, 'timesketch', {
    username: 'bob%',
    path: undefined,
    auth_mode: 'userpass',
  })
  expect(changed).toBe(`# mine
[timesketch]
host_uri = https://one.example
# the key
cred_key = abc%%def=
verify = True
username = bob%%
auth_mode = userpass

[other]
host_uri = http://two.example
`)
})

test('a new section comes last, also in an empty file', () => {
  expect(changeRcFile('', 'a', { x: '1', empty: '' })).toBe('[a]\nx = 1\nempty =\n')
  expect(changeRcFile('[a]\nx = 1\n', 'b', { y: '2' })).toBe('[a]\nx = 1\n\n[b]\ny = 2\n')
})

test.each(['key = value', '[a]\nno value here'])(
  'a line that is nothing is told by its number: %s',
  (text) => {
    expect(() => parseRcFile(text)).toThrow(/line \d/)
  },
)

test('a value of two lines is not written', () => {
  expect(() => changeRcFile('', 'a', { x: 'one\n[two]' })).toThrow(RangeError)
})
