import { expect, test } from 'vitest'
import { markdownToHtml } from './markdown-to-html.ts'

test.each([
  ['## Two *words*', '<h2>Two <em>words</em></h2>'],
  ['one\ntwo\n\nthree', '<p>one\ntwo</p><p>three</p>'],
  ['- a\n- **b**', '<ul><li>a</li><li><strong>b</strong></li></ul>'],
  ['1. a\n2. b', '<ol><li>a</li><li>b</li></ol>'],
  ['> said', '<blockquote>said</blockquote>'],
  ['```sh\n<b>&\n```\nafter', '<pre><code>&#60;b&#62;&#38;</code></pre><p>after</p>'],
  ['---', '<hr>'],
  ['see `a*b*c` here', '<p>see <code>a*b*c</code> here</p>'],
  [
    '[x](https://a.example/?b=1&c=2)',
    '<p><a href="https://a.example/?b=1&#38;c=2" rel="noreferrer noopener">x</a></p>',
  ],
  ['[x](javascript:alert(1))', '<p>[x](javascript:alert(1))</p>'],
  ['<script>alert(1)</script>', '<p>&#60;script&#62;alert(1)&#60;/script&#62;</p>'],
  ['```\nnever ended', '<pre><code>never ended</code></pre>'],
])('%j', (markdown, expected) => {
  expect(markdownToHtml(markdown).html).toBe(expected)
})

test('a long hostile text takes no time to speak of', () => {
  const hostile = `${'*'.repeat(50_000)}${'['.repeat(50_000)}${'_a'.repeat(20_000)}`
  expect(markdownToHtml(hostile).html.length).toBeGreaterThan(100_000)
})
