/** Where people search, and how the words stand in the address. */
interface SearchEngine {
  readonly name: string
  readonly address: RegExp
  /** The parameter with the words; undefined: they come after `search/` in the path. */
  readonly parameter: string | undefined
}

/**
 * Known ways to search, in the order in which an address is held against them: the more special ones first. The names are those of
 * Timesketch 20261014 (lib/analyzers/browser_search.py), so that what both write is the same.
 */
const ENGINES: readonly SearchEngine[] = [
  { name: 'Bing', address: /bing\.com\/search/, parameter: 'q' },
  { name: 'DuckDuckGo', address: /duckduckgo\.com/, parameter: 'q' },
  { name: 'GMail', address: /mail\.google\.com/, parameter: undefined },
  { name: 'Google Inbox', address: /inbox\.google\.com/, parameter: undefined },
  { name: 'Google Docs', address: /docs\.google\.com/, parameter: 'q' },
  { name: 'Google Groups', address: /groups\.google\.com\/a/, parameter: undefined },
  { name: 'Google Drive', address: /drive\.google\.com\/.+\/search/, parameter: 'q' },
  { name: 'Google Sites', address: /sites\.google\./, parameter: 'q' },
  { name: 'Google', address: /(?:www\.|[a-zA-Z]\.|\/)google\.[a-zA-Z]+\/search/, parameter: 'q' },
  { name: 'LinkedIn', address: /linkedin\.com\/search/, parameter: 'keywords' },
  { name: 'Yahoo', address: /yahoo\.com\/search/, parameter: 'p' },
  { name: 'Yandex', address: /yandex\.com\/search/, parameter: 'text' },
  { name: 'Youtube', address: /youtube\.com/, parameter: 'search_query' },
]

/** What somebody searched for, and where; undefined when a URL is no search. */
export function findSearch(url: string): { readonly engine: string; readonly words: string } | undefined {
  for (const { name, address, parameter } of ENGINES) {
    if (!address.test(url)) continue
    const words = parameter === undefined ? wordsOfPath(url) : wordsOfParameter(url, parameter)
    if (words) return { engine: name, words }
  }
  return undefined
}

/** Of `…#search/words/…` and `…/search/words?…`. */
function wordsOfPath(url: string): string | undefined {
  const start = url.indexOf('search/')
  if (start === -1) return undefined
  return decode(/^[^/?]*/.exec(url.slice(start + 'search/'.length))![0])
}

function wordsOfParameter(url: string, parameter: string): string | undefined {
  const question = url.indexOf('?')
  if (question === -1) return undefined
  const query = url.slice(question + 1)
  const start = findParameter(query, parameter)
  if (start === -1) return undefined
  const end = query.indexOf('&', start)
  return decode(end === -1 ? query.slice(start) : query.slice(start, end))
}

/** Where a parameter's value begins: of the parameter of that very name, or of one whose name ends so. */
function findParameter(query: string, parameter: string): number {
  const name = `${parameter}=`
  if (query.startsWith(name)) return name.length
  const own = query.indexOf(`&${name}`)
  if (own !== -1) return own + name.length + 1
  const any = query.indexOf(name)
  return any === -1 ? -1 : any + name.length
}

/** Percent signs that do not stand for bytes of UTF-8 stay, as far as that is so; the rest is decoded. */
function decode(text: string): string {
  const spaced = text.replaceAll('+', ' ')
  try {
    return decodeURIComponent(spaced)
  } catch {
    // Some bytes are no UTF-8, or a percent sign stands for itself: read run by run.
    return spaced.replace(/(?:%[0-9a-fA-F]{2})+/g, (run) =>
      new TextDecoder().decode(Uint8Array.from(run.slice(1).split('%'), (hex) => Number.parseInt(hex, 16))),
    )
  }
}
