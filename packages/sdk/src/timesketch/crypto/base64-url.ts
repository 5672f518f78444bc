/** Base64 with the alphabet of URLs (RFC 4648, section 5), without padding unless asked for. */
export function toBase64Url(bytes: Uint8Array, options: { padded?: boolean } = {}): string {
  let binary = ''
  // Short runs: a call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 8192)
    binary += String.fromCharCode(...bytes.subarray(at, at + 8192))
  const text = btoa(binary).replaceAll('+', '-').replaceAll('/', '_')
  return options.padded ? text : text.replace(/=+$/, '')
}

/** @throws {RangeError} For other characters than those of the alphabet. */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  if (!/^[\w-]*={0,2}$/.test(text)) throw new RangeError('expected base64 with the alphabet of URLs')
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}
