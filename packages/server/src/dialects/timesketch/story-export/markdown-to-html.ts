import { type Html, html } from '../pages/html.ts'

/**
 * Markdown as HTML, of what stories are made of: headings, paragraphs, lists, quotes, fenced code, rules, emphasis, code and links
 * (CommonMark 0.31). HTML in the text is shown, never passed on; links lead to http, https and mailto only.
 */
export function markdownToHtml(markdown: string): Html {
  const lines = markdown.replaceAll('\r\n', '\n').split('\n')
  const blocks: Html[] = []
  let at = 0
  const takeWhile = (test: (line: string) => boolean): string[] => {
    const taken: string[] = []
    while (at < lines.length && test(lines[at]!)) taken.push(lines[at++]!)
    return taken
  }
  while (at < lines.length) {
    const line = lines[at]!
    const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line)
    if (line.trim() === '') at += 1
    else if (line.startsWith('```')) {
      at += 1
      const code = takeWhile((next) => !next.startsWith('```'))
      at += 1
      blocks.push(html`<pre><code>${code.join('\n')}</code></pre>`)
    } else if (heading) {
      at += 1
      blocks.push(element(`h${heading[1]!.length}`, inline(heading[2]!)))
    } else if (/^(\s*[-*_]){3,}\s*$/.test(line)) {
      at += 1
      blocks.push(html`<hr>`)
    } else if (BULLET.test(line))
      blocks.push(
        list(
          'ul',
          takeWhile((next) => BULLET.test(next)),
          BULLET,
        ),
      )
    else if (NUMBER.test(line))
      blocks.push(
        list(
          'ol',
          takeWhile((next) => NUMBER.test(next)),
          NUMBER,
        ),
      )
    else if (line.startsWith('>')) {
      const quoted = takeWhile((next) => next.startsWith('>')).map((next) => next.replace(/^>\s?/, ''))
      blocks.push(element('blockquote', inline(quoted.join(' '))))
    } else {
      const paragraph = [line]
      at += 1
      paragraph.push(...takeWhile((next) => next.trim() !== '' && !STARTS_BLOCK.test(next)))
      blocks.push(element('p', inline(paragraph.join('\n'))))
    }
  }
  return html`${blocks}`
}

const BULLET = /^\s{0,3}[-*+]\s+/
const NUMBER = /^\s{0,3}\d{1,9}[.)]\s+/
const STARTS_BLOCK = /^(#{1,6}\s|```|>|\s{0,3}[-*+]\s|\s{0,3}\d{1,9}[.)]\s)/

function element(name: string, content: Html): Html {
  return { html: `<${name}>${content.html}</${name}>` }
}

function list(name: 'ul' | 'ol', items: readonly string[], marker: RegExp): Html {
  return element(name, html`${items.map((item) => element('li', inline(item.replace(marker, ''))))}`)
}

/** Code, links and emphasis in a line; what matches none of them is text. */
function inline(text: string): Html {
  const parts: Html[] = []
  let rest = text
  while (rest !== '') {
    const found = INLINE.exec(rest)
    if (!found) break
    parts.push(html`${rest.slice(0, found.index)}`, span(found))
    rest = rest.slice(found.index + found[0].length)
  }
  return html`${[...parts, html`${rest}`]}`
}

const INLINE = /`([^`]+)`|\[([^\][]*)\]\(([^()\s]+)\)|\*\*([^*]+)\*\*|\*([^*]+)\*|\b_([^_]+)_\b/

function span([whole, code, label, address, strong, star, low]: RegExpExecArray): Html {
  if (code !== undefined) return html`<code>${code}</code>`
  if (address !== undefined)
    return /^(https?:\/\/|mailto:)/i.test(address)
      ? html`<a href="${address}" rel="noreferrer noopener">${label ?? address}</a>`
      : html`${whole}`
  if (strong !== undefined) return element('strong', inline(strong))
  return element('em', html`${star ?? low ?? ''}`)
}
