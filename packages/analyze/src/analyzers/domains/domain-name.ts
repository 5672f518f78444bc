import type { Query } from '@timeskein/query'
import type { ReadEvent } from '../../event-source.ts'

/** Events that name a domain or a URL. */
export const DOMAIN_EVENTS: Query = {
  kind: 'or',
  of: [
    { kind: 'exists', field: 'url' },
    { kind: 'exists', field: 'domain' },
  ],
}

/** The host of a URL, without its port; empty when it names none. Reads as Python's `urlparse` does, which takes any text. */
export function domainOfUrl(url: string): string {
  const authority =
    /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(url)?.[1] ?? /^\/\/([^/?#]*)/.exec(url)?.[1] ?? ''
  const colon = authority.indexOf(':')
  return colon === -1 ? authority : authority.slice(0, colon)
}

/** The domain of an event: what it says, or its URL does; undefined when neither names one. */
export function domainOfEvent(event: ReadEvent): string | undefined {
  const domain = event.get('domain')
  if (typeof domain === 'string' && domain !== '') return domain
  const url = event.get('url')
  return (typeof url === 'string' && domainOfUrl(url)) || undefined
}

/** The last two labels of a domain. */
export function topLevelOf(domain: string): string {
  return domain.split('.').slice(-2).join('.')
}

/** A domain without the `www.` in front. */
export function withoutWww(domain: string): string {
  return domain.startsWith('www.') ? domain.slice(4) : domain
}
