/** Providers of content delivery networks by the endings of their domains; a file of the data directory replaces them. */
export const CDN_DOMAINS: Readonly<Record<string, string>> = {
  '.akamai.net': 'Akamai',
  '.akamaiedge.net': 'Akamai',
  '.akamaihd.net': 'Akamai',
  '.akamaized.net': 'Akamai',
  '.edgekey.net': 'Akamai',
  '.edgesuite.net': 'Akamai',
  '.azureedge.net': 'Microsoft Azure',
  '.b-cdn.net': 'BunnyCDN',
  '.cdn77.org': 'CDN77',
  '.cloudflare.com': 'Cloudflare',
  '.cloudfront.net': 'Amazon CloudFront',
  '.fastly.net': 'Fastly',
  '.fastlylb.net': 'Fastly',
  '.fbcdn.net': 'Facebook',
  '.googleusercontent.com': 'Google',
  '.gstatic.com': 'Google',
  '.hwcdn.net': 'Highwinds',
  '.incapdns.net': 'Incapsula',
  '.cdn.jsdelivr.net': 'jsDelivr',
  '.kxcdn.com': 'KeyCDN',
  '.llnwd.net': 'Limelight',
  '.stackpathdns.com': 'StackPath',
  '.twimg.com': 'Twitter',
}

/** The providers that a domain belongs to, parted by blanks; undefined when it belongs to none. */
export function findCdnProvider(
  domain: string,
  cdnDomains: Readonly<Record<string, string>>,
): string | undefined {
  const providers = Object.entries(cdnDomains)
    .filter(([ending]) => domain.endsWith(ending.toLowerCase()))
    .map(([, provider]) => provider)
  return providers.length === 0 ? undefined : [...new Set(providers)].join(' ')
}
