import { ConfigError } from '../../errors/config-error.ts'

/** Where an address was written. */
export interface UrlPlace {
  /** A file. */
  readonly path: string
  readonly section: string
}

/**
 * Address of a server, without query, credentials and a slash at its end.
 *
 * @param place - Where it was read; undefined for a caller's own value.
 * @throws {ConfigError} For what is no address with http or https.
 */
export function readServerUrl(text: string, place?: UrlPlace): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && /^https?:$/.test(url.protocol)) return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
  const where = place ? `${place.path}, section [${place.section}], host_uri: ` : ''
  const found = text === '' ? 'nothing' : JSON.stringify(hideCredentials(text))
  const meant = /^[\w.-]+(?::\d+)?(?:\/\S*)?$/.test(text) ? `https://${text}` : 'https://timesketch.example'
  throw new ConfigError(
    `${where}the address of a server begins with http:// or https://, as ${meant}; found ${found}`,
    { path: place?.path },
  )
}

function hideCredentials(text: string): string {
  return text.slice(0, 200).replace(/^(.*\/\/)?.*@/s, '$1…@')
}
