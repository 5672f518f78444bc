import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tokenizeText, tokenizeWithOffsets } from './standard-tokenizer.ts'
import { MAX_TOKEN_BYTES, TokenScanner } from './token-scanner.ts'
import { WORD_BREAK_RANGES } from './word-break-data.ts'

/** Tokens as Lucene 9.12.3 (OpenSearch 2.19.5) gave them for these texts, StandardAnalyzer without stop words. */
const LUCENE_CASES: readonly (readonly [text: string, tokens: readonly string[]])[] = [
  ['cmd.exe', ['cmd.exe']],
  ['10.1.2.3', ['10.1.2.3']],
  ['a:b', ['a:b']],
  ['C:\\Windows\\System32', ['c', 'windows', 'system32']],
  ['user@host.com', ['user', 'host.com']],
  ['foo-bar', ['foo', 'bar']],
  ["don't", ["don't"]],
  ['1,000', ['1,000']],
  ['x_y', ['x_y']],
  ['__init__', ['__init__']],
  ['___', []],
  ['a_.b', ['a_', 'b']],
  ['a1.b', ['a1', 'b']],
  ['1a.b', ['1a.b']],
  ['1.2a', ['1.2a']],
  ['1:2', ['1', '2']],
  ["o'1", ['o', '1']],
  ["1'2", ["1'2"]],
  ['a,b', ['a', 'b']],
  ['a;b', ['a', 'b']],
  ['1;2', ['1;2']],
  ['.5', ['5']],
  ['end.', ['end']],
  ['a..b', ['a', 'b']],
  ['192.168.0.1:8080', ['192.168.0.1', '8080']],
  ['{625b42a0-6b36-62e9-1b00-000000000900}', ['625b42a0', '6b36', '62e9', '1b00', '000000000900']],
  ['0x1400', ['0x1400']],
  ['2022-08-04 15:36:34.745', ['2022', '08', '04', '15', '36', '34.745']],
  ['2022-08-04T15:36:34Z', ['2022', '08', '04t15', '36', '34z']],
  ['HKLM\\SOFTWARE\\Microsoft\\Windows NT', ['hklm', 'software', 'microsoft', 'windows', 'nt']],
  ['fe80::1ff:fe23:4567:890a', ['fe80', '1ff:fe23', '4567', '890a']],
  ['$env:TEMP', ['env:temp']],
  ['-EncodedCommand', ['encodedcommand']],
  ['SGVsbG8=', ['sgvsbg8']],
  ['\\\\.\\pipe\\x', ['pipe', 'x']],
  ['S-1-5-21-1004', ['s', '1', '5', '21', '1004']],
  ['https://a.b/c?d=e&f=g', ['https', 'a.b', 'c', 'd', 'e', 'f', 'g']],
  ['%AppData%', ['appdata']],
  ['KERNELBASE.dll+2730e', ['kernelbase.dll', '2730e']],
  ['a·b', ['a·b']],
  ['l’été', ['l’été']],
  ['ÀÉÎ', ['àéî']],
  ['Straße', ['straße']],
  ['ΟΔΥΣΣΕΥΣ', ['οδυσσευσ']],
  ['İstanbul', ['istanbul']],
  ['漢字かなカタカナ', ['漢', '字', 'か', 'な', 'カタカナ']],
  ['한국어 텍스트', ['한국어', '텍스트']],
  ['ภาษาไทย ง่าย', ['ภาษาไทย', 'ง่าย']],
  ['ລາວ', ['ລາວ']],
  ['שלום ה"ב', ['שלום', 'ה"ב']],
  ["א'", ["א'"]],
  ['123۴۵۶', ['123۴۵۶']],
  ['१२३', ['१२३']],
  ['a\u0301b', ['a\u0301b']],
  ['a\u00adb', ['a\u00adb']],
  ['1\u20e3', ['1\u20e3']],
  ['1\ufe0f\u20e3', ['1\ufe0f\u20e3']],
  ['#\ufe0f\u20e3', ['#\ufe0f\u20e3']],
  ['*', []],
  ['👍🏽', ['👍🏽']],
  ['👨\u200d👩\u200d👧', ['👨\u200d👩\u200d👧']],
  ['🇩🇪🇫🇷', ['🇩🇪', '🇫🇷']],
  ['🇩', []],
  ['🏴\udb40\udc67\udb40\udc62\udb40\udc7f', ['🏴\udb40\udc67\udb40\udc62\udb40\udc7f']],
  ['©2020', ['©', '2020']],
  ['™', ['™']],
  ['ℹ', ['ℹ']],
  ['a\u200db', ['a\u200db']],
  ['\u200d', []],
  ['ﾊﾝｶｸ', ['ﾊﾝｶｸ']],
  ['１２３', ['１２３']],
  ['ＡＢＣ', ['ａｂｃ']],
  ['𝒜𝓑', ['𝒜𝓑']],
  ['𠀀𠀁', ['𠀀', '𠀁']],
  ['�', []],
  ['a\u0000b', ['a', 'b']],
  ['٫١٢', ['٫١٢']],
  ['e\u0301.é', ['e\u0301.é']],
  ['é.1', ['é', '1']],
  ['1.é', ['1', 'é']],
  ["l'\u0301a", ["l'\u0301a"]],
  ['ꙮ', ['ꙮ']],
  ['Ⅻ', ['ⅻ']],
  ['½', []],
  ['m²', ['m']],
  ['a‿b', ['a‿b']],
  ['‿', []],
  ['a\u202fb', ['a\u202fb']],
  ['ᏣᎳᎩ', ['ꮳꮃꭹ']],
  ['ⴰⵎⴰⵣⵉⵖ', ['ⴰⵎⴰⵣⵉⵖ']],
  ['Ꭰ', ['ꭰ']],
  ['①', []],
  ['々', ['々']],
  ['ー', ['ー']],
  ['〆', []],
]

/** Characters of every class, so that random texts meet every rule. */
const interesting = Object.values(WORD_BREAK_RANGES).flatMap((ranges) => {
  const first = Number.parseInt(ranges.split('-')[0]!.split(' ')[0]!, 36)
  return [String.fromCodePoint(first)]
})
const characters = fc.oneof(
  fc.constantFrom(...interesting, ...'aB1_.:\',;"#* -/\\@\n', 'İ', 'K', 'ẞ', 'Σ', 'Ⱥ', '\ufffd'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
)
const texts = fc.oneof(
  fc.array(characters, { maxLength: 30 }).map((list) => list.join('')),
  fc.string({ unit: 'binary-ascii', maxLength: 60 }),
  fc
    .tuple(fc.array(characters, { minLength: 1, maxLength: 4 }), fc.integer({ min: 80, max: 300 }))
    .map(([list, times]) => list.join('').repeat(times)),
)

function scanTokens(text: string): string[] {
  const bytes = new TextEncoder().encode(text)
  const out = new Uint8Array(MAX_TOKEN_BYTES)
  const scanner = new TokenScanner()
  const tokens: string[] = []
  scanner.start(bytes, 0, bytes.length)
  for (let length = scanner.next(out, 0); length > 0; length = scanner.next(out, 0)) {
    tokens.push(new TextDecoder().decode(out.subarray(0, length)))
  }
  return tokens
}

describe('the standard tokenizer', () => {
  test.each(LUCENE_CASES)('reads %j as Lucene does', (text, tokens) => {
    expect(tokenizeText(text)).toEqual(tokens)
    expect(scanTokens(text)).toEqual(tokens)
  })

  test('cuts tokens of more than 255 units', () => {
    expect(tokenizeText('a'.repeat(600)).map((token) => token.length)).toEqual([255, 255, 90])
    expect(tokenizeText(`${'a'.repeat(254)}.b`)).toEqual(['a'.repeat(254), 'b'])
    expect(tokenizeText(`${'_'.repeat(300)}a`)).toEqual([`${'_'.repeat(254)}a`])
    expect(scanTokens(`${'_'.repeat(300)}a`)).toEqual([`${'_'.repeat(254)}a`])
  })

  test('says where tokens stand', () => {
    expect(tokenizeWithOffsets('Zoë ran 🐎!')).toEqual([
      { token: 'zoë', start: 0, end: 3 },
      { token: 'ran', start: 4, end: 7 },
      { token: '🐎', start: 8, end: 10 },
    ])
  })

  test('gives the same tokens for a string and for its bytes', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(scanTokens(text)).toEqual(tokenizeText(text))
      }),
      { numRuns: 1500 },
    )
  })

  test('gives tokens that are tokens themselves', () => {
    fc.assert(
      fc.property(texts, (text) => {
        for (const { start, end, token } of tokenizeWithOffsets(text)) {
          expect(end - start).toBeLessThanOrEqual(255)
          expect(token).not.toContain('\0')
        }
      }),
    )
  })

  test('survives bytes that are no UTF-8', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const scanner = new TokenScanner()
        const out = new Uint8Array(MAX_TOKEN_BYTES)
        scanner.start(bytes, 0, bytes.length)
        let tokens = 0
        while (scanner.next(out, 0) > 0) tokens++
        expect(tokens).toBeLessThanOrEqual(bytes.length)
      }),
    )
  })

  test('is not slowed down by long runs that lead nowhere', () => {
    const run = '_'.repeat(2_000_000)
    expect(tokenizeText(run)).toEqual([])
    expect(scanTokens(run)).toEqual([])
    expect(scanTokens('\u203f'.repeat(500_000))).toEqual([])
    expect(scanTokens('\u200d'.repeat(500_000))).toEqual([])
    expect(tokenizeText(`${'_\u0301'.repeat(500_000)}a`)).toEqual([`${'_\u0301'.repeat(127)}a`])
    expect(scanTokens(`${'_\u0301'.repeat(500_000)}a`)).toEqual([`${'_\u0301'.repeat(127)}a`])
  })
})
