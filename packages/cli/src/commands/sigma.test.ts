import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runSkein } from '../testing/run-skein.ts'

const RULE = `title: A tool
id: 3d5b0f0e-0000-4000-8000-000000000001
level: high
logsource: {category: process_creation, product: windows}
detection:
    selection: {Image|endswith: '\\tool.exe'}
    filter: {User|expand: '%admins%'}
    condition: selection and not filter
`

describe('skein sigma', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'skein-sigma-'))
    await mkdir(join(folder, 'rules', 'deep'), { recursive: true })
    await writeFile(join(folder, 'rules', 'good.yml'), RULE)
    await writeFile(
      join(folder, 'rules', 'deep', 'bad.yaml'),
      'title: B\nlogsource: {product: x}\ndetection: {condition: s}\n',
    )
    await writeFile(join(folder, 'rules', 'deep', 'noise.yml'), Buffer.from([0x74, 0xff, 0xfe]))
    await writeFile(join(folder, 'rules', 'README.md'), '# no rule')
    await writeFile(
      join(folder, 'admins.yml'),
      'vars: {admins: [root]}\ntransformations: [{type: value_placeholders}]\n',
    )
  })
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true })
  })
  const rules = (): string => join(folder, 'rules')

  test('check tells what can be used and why not the rest, and does not fail for it unless told so', async () => {
    const { exitCode, out } = await runSkein(['sigma', 'check', rules(), '--json'])
    expect(exitCode).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      files: 3,
      rules: 3,
      compiled: 1,
      failed: [
        { file: join(rules(), 'deep', 'noise.yml'), line: 1, reason: 'UTF-8 expected, found other bytes' },
        {
          file: join(rules(), 'deep', 'bad.yaml'),
          line: 3,
          rule: 'B',
          reason: expect.stringContaining('search identifier'),
        },
      ],
      warnings: [],
      placeholders: [{ names: ['admins'], rule: 'A tool' }],
    })
    expect((await runSkein(['sigma', 'check', rules(), '--strict'])).exitCode).toBe(65)
    expect((await runSkein(['sigma', 'check', rules()])).out).toContain(
      '"A tool" is not run: values for admins expected (vars of a pipeline)',
    )
    expect((await runSkein(['sigma', 'explain', join(rules(), 'good.yml')])).out).toContain(
      'is not run: its placeholders have no values: admins',
    )
    const alone = await runSkein(['sigma', 'check', join(rules(), 'deep', 'bad.yaml')])
    expect(alone.exitCode).toBe(65)
    expect(alone.out).toContain('bad.yaml:3:12  "B": a search identifier expected, found none')
    expect(alone.out).toContain('1 files, 1 rules: 0 can be used, 1 cannot')
  })

  test.each([
    ['query_string', 'Image:*\\\\tool.exe AND (NOT User:root)\n'],
    ['tree', 'Image:*\\\\tool.exe (whole value) AND NOT User:root (whole value)\n'],
    [
      'sql',
      `SELECT * FROM events WHERE lower("Image") LIKE '%\\tool.exe' AND (lower("User") = 'root') IS NOT TRUE\n`,
    ],
    [
      'dsl',
      '{"bool":{"must":[{"wildcard":{"Image.wildcard":{"value":"*\\\\\\\\tool.exe","case_insensitive":true}}}],"must_not":[{"wildcard":{"User.wildcard":{"value":"root","case_insensitive":true}}}]}}\n',
    ],
  ])('convert --to %s', async (target, text) => {
    const file = join(rules(), 'good.yml')
    const args = ['sigma', 'convert', file, '--to', target, '--pipeline', join(folder, 'admins.yml')]
    const { exitCode, out } = await runSkein(args)
    expect(exitCode).toBe(0)
    expect(out).toBe(text)
  })

  test('convert says on standard error what it cannot write', async () => {
    const { exitCode, out, err } = await runSkein(['sigma', 'convert', join(rules(), 'good.yml')])
    expect([exitCode, out]).toEqual([65, ''])
    expect(err).toContain('good.yml:7:14: a query string cannot say what the placeholder %admins% stands for')
  })

  test('explain finds a rule by its file, or by its id among others', async () => {
    const byFile = await runSkein(['sigma', 'explain', join(rules(), 'good.yml'), '-p', 'sysmon'])
    const id = '3D5B0F0E-0000-4000-8000-000000000001'
    const byId = await runSkein(['sigma', 'explain', id, '--rules', rules(), '-p', 'sysmon'])
    expect(byId.out).toBe(byFile.out)
    expect(byFile.out).toContain('log source: windows / process_creation / sysmon')
    expect(byFile.out).toContain('Image ends with "\\\\tool.exe"')
    const json = JSON.parse((await runSkein(['sigma', 'explain', id, '--rules', rules(), '--json'])).out)
    expect(json.rules).toMatchObject([{ title: 'A tool', fields: ['Image', 'User'] }])
  })

  test.each([
    [['sigma'], 2, 'check, convert or explain is expected'],
    [['sigma', 'check'], 2, 'needs a file or folder of rules'],
    [['sigma', 'check', '/nonexistent/x'], 66, 'there is no such file'],
    [['sigma', 'convert', '/', '--to', 'kql'], 2, '--to takes query_string, dsl, sql, tree'],
    [['sigma', 'check', '/nonexistent', '-p', 'nope'], 66, '--pipeline takes a file or one of sysmon'],
    [['sigma', 'explain', 'some-id'], 66, 'needs --rules PATH'],
  ])('%j is refused', async (args, code, sentence) => {
    const { exitCode, err } = await runSkein(args)
    expect(err).toContain(sentence)
    expect(exitCode).toBe(code)
  })
})
