import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { connectFromConfig } from './connect.ts'

test('an address in an RC file that is none is told with file and section, and nothing is asked or written', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'connect-'))
  try {
    const rcPath = join(folder, 'rc')
    const text = '[lab]\nhost_uri = 127.0.0.1:5077\nusername = ann\nauth_mode = userpass\nverify = True\n'
    await writeFile(rcPath, text)
    const options = { rcPath, section: 'lab', tokenPath: join(folder, 'token'), ask: false } as const
    const error: unknown = await connectFromConfig(options).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      name: 'ConfigError',
      path: rcPath,
      message: `${rcPath}, section [lab], host_uri: the address of a server begins with http:// or https://, as https://127.0.0.1:5077; found "127.0.0.1:5077"`,
    })
    const own = connectFromConfig({ ...options, url: 'lab.example' })
    await expect(own).rejects.toThrow(/^the address of a server .* found "lab.example"$/)
    expect(await readFile(rcPath, 'utf8')).toBe(text)
  } finally {
    await rm(folder, { recursive: true })
  }
})
