/**
 * A thread that reads a storage file: SQLite sorts and reads in steps that may take long, and nobody else waits for them. It is
 * asked once to open the file, then for one piece after the other; it ends when it is told to.
 */

import type { DatabaseSync } from 'node:sqlite'
import { parentPort } from 'node:worker_threads'
import { openImmutable } from '../../sqlite/open-sqlite-evidence.ts'
import { readPieces, type StorageItem } from './read-pieces.ts'
import { describeStorage } from './storage-account.ts'
import { readStorageSchema } from './storage-schema.ts'

/** What the thread is asked. */
export type StorageRequest =
  | { readonly kind: 'open'; readonly path: string }
  | { readonly kind: 'next' }
  | { readonly kind: 'close' }

/** What it answers. */
export type StorageReply =
  /** With sentences about what the file tells beside its events. */
  | { readonly kind: 'opened'; readonly remarks: readonly string[] }
  | { readonly kind: 'item'; readonly item: StorageItem }
  | { readonly kind: 'end' }
  | { readonly kind: 'closed' }
  | { readonly kind: 'error'; readonly message: string; readonly stack: string | undefined }

let database: DatabaseSync | undefined
let items: Generator<StorageItem> | undefined

parentPort?.on('message', (request: StorageRequest) => {
  const port = parentPort!
  try {
    const reply = answer(request)
    const isPiece = reply.kind === 'item' && reply.item.kind === 'piece'
    port.postMessage(reply, isPiece ? [reply.item.bytes.buffer] : [])
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error))
    port.postMessage({ kind: 'error', message, stack } satisfies StorageReply)
  }
})

function answer(request: StorageRequest): StorageReply {
  switch (request.kind) {
    case 'open':
      return open(request.path)
    case 'next': {
      const next = items?.next()
      return next === undefined || next.done ? { kind: 'end' } : { kind: 'item', item: next.value }
    }
    case 'close':
      database?.close()
      database = undefined
      return { kind: 'closed' }
    default:
      return request satisfies never
  }
}

function open(path: string): StorageReply {
  database = openImmutable(path)
  const schema = readStorageSchema(database)
  items = readPieces(database, schema)
  return { kind: 'opened', remarks: describeStorage(database, schema) }
}
