import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 random bits as text for URLs, headers and cookies. */
export function makeSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** What is kept of a secret of 256 random bits: its SHA-256, lower-case hex. (Passwords need `hashPassword`.) */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/** Compares two texts in a time that says nothing about where they differ. */
export function isSameSecret(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest())
}
