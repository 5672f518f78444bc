import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import type { Item } from './items.ts'

/** Events that the vendor recorded for the tests of its open integrations; no part of this project. */
const RECORDED = join(import.meta.dirname, '../../../../shared/data/elements-events.tar.zst')
const BLOCK = 512

/** The recorded events; undefined where they are not on this machine. */
export function readRecordedEvents(): readonly Item[] | undefined {
  if (!existsSync(RECORDED)) return undefined
  return [...listTarFiles(zstdDecompressSync(readFileSync(RECORDED)))]
    .filter(({ name }) => name.endsWith('.json'))
    .map(({ text }) => JSON.parse(text) as Item)
}

/** Files of a tar archive (POSIX.1-1988, "ustar"): a header block with name at 0 and octal size at 124, then the bytes. */
function* listTarFiles(tar: Buffer): Generator<{ readonly name: string; readonly text: string }> {
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0; ) {
    const name = tar.toString('utf8', at, tar.indexOf(0, at))
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 135), 8)
    yield { name, text: tar.toString('utf8', at + BLOCK, at + BLOCK + size) }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK
  }
}
