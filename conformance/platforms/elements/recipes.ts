import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The vendor's cookbook as it was copied from its page, which is no part of this project. */
const COOKBOOK = join(import.meta.dirname, '../../../../shared/seeds/4-elements-api-cookbook.txt')
/** Of the text whose lines are counted below. */
const SHA256 = '5528784dfb725200a799bbd0e05939dafb1ef683a8bf4af7e88fef93368de609'
const VENDOR_URL = 'https://api.connect.withsecure.com'

/** A recipe: its first line, and how far its lines are indented, which the page has lost: depth and how many lines. */
interface Recipe {
  readonly module: string
  readonly firstLine: number
  readonly indents: string
}

const RECIPES: readonly Recipe[] = [
  { module: 'authentication', firstLine: 40, indents: '0*5 1*12 2*2 1*1 2*6' },
  {
    module: 'get_devices',
    firstLine: 81,
    indents: '0*5 1*11 2*4 1*1 2*4 1*2 2*2 1*4 2*2 1*1 2*5 1*1 2*4 0*1 1*4 2*2',
  },
  {
    module: 'poll_security_events',
    firstLine: 168,
    indents: '0*7 1*16 2*1 1*1 2*1 1*2 2*2 1*1 0*1 1*7 2*5 3*6 1*3 0*1 1*4 2*9',
  },
  { module: 'security_events_stats', firstLine: 237, indents: '0*6 1*6 2*1 0*1 1*21 2*1 1*2 2*2 1*1' },
  {
    module: 'poll_incident_updates',
    firstLine: 307,
    indents:
      '0*8 1*16 2*1 1*1 2*1 1*2 2*2 1*1 0*1 1*9 2*1 1*2 2*2 1*1 0*1 1*3 2*4 3*2 0*1 1*8 2*5 3*7 1*6 0*1 1*4 2*8 3*1 2*3',
  },
]

/** Why the recipes cannot be had; undefined when they can. */
export function findRecipeProblem(): string | undefined {
  if (!existsSync(COOKBOOK)) return 'the cookbook is not on this machine'
  const found = createHash('sha256').update(readFileSync(COOKBOOK)).digest('hex')
  return found === SHA256 ? undefined : 'the cookbook is another text than the one whose lines are known'
}

/**
 * Writes the recipes as Python modules that ask another address. Nothing but the address and the lost indentation is changed.
 *
 * @param folder - Where they go.
 */
export async function writeRecipes(folder: string, url: string): Promise<void> {
  const lines = readFileSync(COOKBOOK, 'utf8').split('\n')
  await mkdir(folder, { recursive: true })
  for (const { module, firstLine, indents } of RECIPES) {
    const depths = indents.split(' ').flatMap((run) => {
      const [depth, count] = run.split('*').map(Number)
      return Array<number>(count!).fill(depth!)
    })
    const code = depths.map((depth, place) => '    '.repeat(depth) + lines[firstLine - 1 + place])
    await writeFile(join(folder, `${module}.py`), `${code.join('\n').replaceAll(VENDOR_URL, url)}\n`)
  }
}
