import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/**
 * Tells versions of what makes plans apart: the sum of all files of code that compiles rules, of whichever version they say they are.
 * What an earlier version made is never taken for this one's.
 *
 * @returns SHA-256 in hex.
 */
export async function describeCompiler(): Promise<string> {
  const sigma = createRequire(import.meta.url).resolve('@timeskein/query/sigma')
  const sum = createHash('sha256')
  for (const folder of [dirname(dirname(sigma)), import.meta.dirname]) {
    const names = await readdir(folder, { recursive: true })
    const files = names.filter((name) => /\.[jt]s$/.test(name) && !/\.(?:test|d)\.[jt]s$/.test(name)).sort()
    const texts = await Promise.all(files.map((name) => readFile(join(folder, name))))
    for (const [at, text] of texts.entries()) sum.update(`${files[at]} ${text.length}\n`).update(text)
  }
  return sum.digest('hex')
}
