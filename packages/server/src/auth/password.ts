import { randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import { invalid } from '../errors/domain-error.ts'

/** Longest password accepted, in UTF-16 units: hashing time grows with it. */
const MAX_PASSWORD_LENGTH = 1024

/** argon2id with OWASP's parameters of 2024: 19 MiB, two passes, one lane. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** Hashes a password with a salt of its own (argon2id, PHC string). @throws {DomainError} `invalid` (`bad-password`). */
export async function hashPassword(password: string): Promise<string> {
  if (password.length === 0 || password.length > MAX_PASSWORD_LENGTH) {
    throw invalid('bad-password', `A password has 1 to ${MAX_PASSWORD_LENGTH} characters.`, {
      length: password.length,
    })
  }
  return await hash(password, PARAMETERS)
}

/** Says whether a password fits a hash. Never throws for wrong or absurd passwords. */
export async function verifyPassword(passwordHash: string, password: string): Promise<boolean> {
  if (password.length === 0 || password.length > MAX_PASSWORD_LENGTH) return false
  return await verify(passwordHash, password)
}

/** A password of 20 characters that is easy to copy (about 119 bits). */
export function makePassword(): string {
  const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789'
  const limit = 256 - (256 % alphabet.length)
  let password = ''
  while (password.length < 20) {
    for (const byte of randomBytes(32)) {
      if (byte < limit && password.length < 20) password += alphabet[byte % alphabet.length]
    }
  }
  return password
}
