import { fromBase64Url, toBase64Url } from './base64-url.ts'

/**
 * Fernet tokens (specification of the pyca/cryptography project): 0x80, 8 bytes of time in seconds (big-endian), 16 bytes of
 * initialisation vector, AES-128-CBC with PKCS#7 padding, HMAC-SHA256 of all that; the whole as URL-safe base64 with padding. The
 * first half of the 32-byte key signs, the second encrypts.
 */
const VERSION = 0x80
const HEADER_BYTES = 9
const VECTOR_BYTES = 16
const SIGNATURE_BYTES = 32

/** @param key - 32 bytes. */
export async function encryptFernet(
  key: Uint8Array<ArrayBuffer>,
  data: Uint8Array<ArrayBuffer>,
  nowMs: number = Date.now(),
): Promise<string> {
  const { signing, encryption } = await importKeys(key)
  const vector = crypto.getRandomValues(new Uint8Array(VECTOR_BYTES))
  const encrypted = new Uint8Array(
    await crypto.subtle.encrypt({ name: 'AES-CBC', iv: vector }, encryption, data),
  )
  const signed = new Uint8Array(HEADER_BYTES + VECTOR_BYTES + encrypted.length)
  signed[0] = VERSION
  new DataView(signed.buffer).setBigUint64(1, BigInt(Math.floor(nowMs / 1000)))
  signed.set(vector, HEADER_BYTES)
  signed.set(encrypted, HEADER_BYTES + VECTOR_BYTES)
  const signature = new Uint8Array(await crypto.subtle.sign('HMAC', signing, signed))
  const token = new Uint8Array(signed.length + signature.length)
  token.set(signed)
  token.set(signature, signed.length)
  return toBase64Url(token, { padded: true })
}

/** @returns The data; undefined when the token is not one, or of another key. */
export async function decryptFernet(
  key: Uint8Array<ArrayBuffer>,
  token: string,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  let bytes: Uint8Array<ArrayBuffer>
  try {
    bytes = fromBase64Url(token.trim())
  } catch {
    return undefined
  }
  if (bytes[0] !== VERSION || bytes.length < HEADER_BYTES + VECTOR_BYTES + SIGNATURE_BYTES) return undefined
  const { signing, encryption } = await importKeys(key)
  const signed = bytes.subarray(0, -SIGNATURE_BYTES)
  if (!(await crypto.subtle.verify('HMAC', signing, bytes.subarray(-SIGNATURE_BYTES), signed)))
    return undefined
  const vector = signed.subarray(HEADER_BYTES, HEADER_BYTES + VECTOR_BYTES)
  const encrypted = signed.subarray(HEADER_BYTES + VECTOR_BYTES)
  return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-CBC', iv: vector }, encryption, encrypted))
}

/** Web Crypto's key, in the words of every runtime's types. */
type Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>

async function importKeys(key: Uint8Array<ArrayBuffer>): Promise<{ signing: Key; encryption: Key }> {
  const hmac = { name: 'HMAC', hash: 'SHA-256' }
  return {
    signing: await crypto.subtle.importKey('raw', key.subarray(0, 16), hmac, false, ['sign', 'verify']),
    encryption: await crypto.subtle.importKey('raw', key.subarray(16, 32), 'AES-CBC', false, [
      'encrypt',
      'decrypt',
    ]),
  }
}
