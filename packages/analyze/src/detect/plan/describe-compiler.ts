import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/**
 * Tells versions of what makes plans apart: the sum of all code that reads rules, names and compiles them, of whichever version it says
 * it is. What an earlier version made is never taken for this one's.
 *
 * @returns SHA-256 in hex.
 */
export async function describeCompiler(): Promise<string> {
  const sum = createHash('sha256').update(`yaml ${readVersion('yaml')}\n`)
  for (const folder of FOLDERS) {
    const files = await listFiles(folder)
    const texts = await Promise.all(files.map((name) => readFile(join(folder, name))))
    for (const [at, text] of texts.entries()) sum.update(`${files[at]} ${text.length}\n`).update(text)
  }
  return sum.digest('hex')
}

/** The files that the sum is of, beside the packages it has the version of. */
export async function listCompilerFiles(): Promise<readonly string[]> {
  const lists = FOLDERS.map(async (folder) => (await listFiles(folder)).map((name) => join(folder, name)))
  return (await Promise.all(lists)).flat()
}

const SIGMA = createRequire(import.meta.url).resolve('@timeskein/query/sigma')
/** Questions with Sigma, and detection. */
const FOLDERS = [dirname(dirname(SIGMA)), dirname(import.meta.dirname)]

/** Files of code in a folder, those of tests left out. */
async function listFiles(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true })
  return names.filter((name) => /\.[jt]s$/.test(name) && !/\.(?:test|d)\.[jt]s$/.test(name)).sort()
}

/** The version of a package that Sigma rules are read with. */
function readVersion(name: string): string {
  return createRequire(SIGMA)(`${name}/package.json`).version
}
