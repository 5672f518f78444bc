import { fromBuffer } from 'yauzl'
import type { TestAnswer } from '../../packages/server/src/dialects/timesketch/testing/test-server.ts'
import type { Sample } from './samples.ts'

/** A recorded body and ours, both brought to one form. */
export interface Bodies {
  readonly recorded: unknown
  readonly ours: unknown
}

/** Brings our answer to the form in which the recording wrote its own down: pages and archives are told, streams are lists. */
export async function readAnswer(sample: Sample, answer: TestAnswer): Promise<Bodies> {
  const recorded = sample.body
  if (answer.status !== sample.status) return { recorded, ours: readJson(answer) }
  if (typeof recorded === 'string' && recorded.startsWith('<html')) {
    const isPage = /^<!doctype html>/i.test(answer.text)
    return { recorded: 'a page', ours: isPage ? 'a page' : answer.text }
  }
  if (typeof recorded === 'string' && recorded.startsWith('<zip')) {
    const names = recorded.slice(recorded.indexOf(': ') + 2, -1).split(', ')
    return { recorded: names.map(maskId).sort(), ours: (await listEntries(answer.bytes)).map(maskId).sort() }
  }
  if (sample.name === 'login-page')
    return { recorded, ours: { csrf_elements: readTokenElements(answer.text) } }
  if (isObject(recorded) && Object.hasOwn(recorded, 'number_of_lines'))
    return readLines(recorded, answer.text)
  const ours = readJson(answer)
  if (sample.name !== 'sketch-get-annotated') return { recorded, ours }
  // Of this one only some members of `meta` were written down.
  const { meta: kept } = recorded as { meta: object }
  const meta = isObject(ours) && isObject(ours['meta']) ? ours['meta'] : {}
  return {
    recorded,
    ours: { meta: Object.fromEntries(Object.entries(meta).filter(([key]) => Object.hasOwn(kept, key))) },
  }
}

function readJson(answer: TestAnswer): unknown {
  try {
    return answer.json
  } catch {
    return answer.text
  }
}

/** Lines of JSON in no promised order: how many there are, and what the first looks like. */
function readLines(recorded: Readonly<Record<string, unknown>>, text: string): Bodies {
  const lines = text.trim().split('\n')
  const [first] = recorded['lines'] as string[]
  const same = lines.find((line) => messageOf(line) === messageOf(first!)) ?? lines[0] ?? ''
  return {
    recorded: { count: recorded['number_of_lines'], line: JSON.parse(first!) },
    ours: { count: lines.length, line: JSON.parse(same) },
  }
}

function messageOf(line: string): unknown {
  return JSON.parse(line).message
}

/** Files of an export carry ids: `views/0012_…`. */
function maskId(name: string): string {
  return name.replace(/^(\w+\/)\d{4}_/, '$1NNNN_')
}

function readTokenElements(page: string): string[] {
  return [...page.matchAll(/<[^>]*csrf[-_]token[^>]*>/g)].map(([element]) =>
    element.replace(/(value|content)="[^"]{20,}"/, '$1="<TOKEN>"'),
  )
}

async function listEntries(bytes: Uint8Array): Promise<string[]> {
  const names: string[] = []
  await new Promise<void>((resolve, reject) => {
    fromBuffer(Buffer.from(bytes), { lazyEntries: false }, (error, file) => {
      if (error) return reject(error)
      file.on('entry', (entry) => names.push(entry.fileName))
      file.on('end', resolve)
      file.on('error', reject)
    })
  })
  return names
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
