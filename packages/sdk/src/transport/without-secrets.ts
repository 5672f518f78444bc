/** Shorter ones are parts of ordinary words. */
const MIN_LENGTH = 8

/**
 * A refusal without the credentials of the request that it is for: some servers repeat what they refuse, and errors repeat what
 * servers say.
 *
 * @param sent - Headers of the request, by names in lower case.
 */
export async function withoutSecrets(
  refusal: Response,
  sent: Readonly<Record<string, string>>,
): Promise<Response> {
  const text = hideSecrets(await refusal.text(), sent)
  const { status, statusText, headers } = refusal
  return new Response(text === '' ? null : text, { status, statusText, headers })
}

/** What a server says without the credentials of the request that it answers. @param sent - As for `withoutSecrets`. */
export function hideSecrets(said: string, sent: Readonly<Record<string, string>> = {}): string {
  let text = said
  for (const secret of listSecrets(sent)) text = text.replaceAll(secret, '…')
  return text
}

/** The longest first: one may be part of another. */
function listSecrets({
  authorization = '',
  cookie = '',
  ...sent
}: Readonly<Record<string, string>>): string[] {
  return [...readAuthorization(authorization), ...readCookies(cookie), sent['x-sekoiaio-intake-key'] ?? '']
    .filter((secret) => secret.length >= MIN_LENGTH)
    .toSorted((a, b) => b.length - a.length)
}

function readAuthorization(header: string): readonly string[] {
  const [, scheme = '', credentials = header] = /^(\S+)\s+(.+)$/.exec(header) ?? []
  switch (scheme.toLowerCase()) {
    case 'basic':
      return [credentials, decode(credentials).replace(/^[^:]*:/, '')]
    case 'hawk':
      // It says who signs, and a signature that is good once.
      return []
    default:
      return [credentials]
  }
}

function readCookies(header: string): readonly string[] {
  return header.split(';').map((pair) => pair.slice(pair.indexOf('=') + 1).trim())
}

function decode(text: string): string {
  try {
    return atob(text)
  } catch (error) {
    // It is no Base64, and so has nothing in it.
    if (error instanceof DOMException) return ''
    throw error
  }
}
