import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { DomainError } from '../errors/domain-error.ts'

const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
/** Says which layout a sealed text has: version 1 is nonce, tag and text under AES-256-GCM. */
const VERSION = 'v1.'

/**
 * Keeps secrets that must be read again (keys that requests are signed with, credentials of other platforms) so that the
 * database alone, or a copy of it, tells none of them: they are encrypted under a key in a file of its own beside it.
 */
export class SecretBox {
  readonly #path: string
  #key: Promise<Buffer> | undefined

  /** @param path - The key's file; it is made when the first secret is sealed, readable for its owner only. */
  constructor(path: string) {
    this.#path = path
  }

  /** @param purpose - What it is for; the same must be said to open it, so that a secret cannot be put in another's place. */
  async seal(secret: string, purpose: string): Promise<string> {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv('aes-256-gcm', await this.#readKey(true), nonce)
    cipher.setAAD(Buffer.from(purpose))
    const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
    return VERSION + Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url')
  }

  /** @throws {DomainError} `unavailable` (`secret-unreadable`): the key's file is gone or another one. */
  async open(sealed: string, purpose: string): Promise<string> {
    try {
      const bytes = Buffer.from(sealed.slice(VERSION.length), 'base64url')
      const decipher = createDecipheriv(
        'aes-256-gcm',
        await this.#readKey(false),
        bytes.subarray(0, NONCE_BYTES),
        { authTagLength: TAG_BYTES },
      )
      decipher.setAAD(Buffer.from(purpose))
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
      return (
        decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
      )
    } catch (cause) {
      throw new DomainError(
        'unavailable',
        'secret-unreadable',
        `A secret cannot be read: it was not kept under the key in ${this.#path}. Bring that file back, or give the secret anew.`,
        { cause },
      )
    }
  }

  #readKey(makes: boolean): Promise<Buffer> {
    this.#key ??= readOrMakeKey(this.#path, makes).catch((error: unknown) => {
      this.#key = undefined
      throw error
    })
    return this.#key
  }
}

async function readOrMakeKey(path: string, makes: boolean): Promise<Buffer> {
  const found = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && makes) return undefined
    throw error
  })
  if (found === undefined) return await makeKey(path)
  const key = Buffer.from(found.trim(), 'hex')
  if (key.length !== KEY_BYTES) throw new Error(`${path} is not a key of ${KEY_BYTES} bytes in hex`)
  return key
}

/** Under its name only when it is whole on the disk: what is sealed under half a key is lost. */
async function makeKey(path: string): Promise<Buffer> {
  const key = randomBytes(KEY_BYTES)
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  try {
    await writeFile(draft, `${key.toString('hex')}\n`, { mode: 0o600, flag: 'wx', flush: true })
    await link(draft, path)
  } finally {
    await rm(draft, { force: true })
  }
  return key
}
