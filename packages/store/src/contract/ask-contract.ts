import type { Query } from '@timeskein/query'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EventStore } from '../event-store.ts'
import { describeAggregations } from './aggregation-contract.ts'
import { findNumbers, importRows, TEST_INDEX } from './ask-helpers.ts'
import { and, exists, fuzzy, match, phrase, range, regexp, term, wildcard } from './make-queries.ts'
import { describeMarks } from './mark-contract.ts'
import { describePages } from './page-contract.ts'

/**
 * The half of the `EventStore` contract that asks. Hits are those that OpenSearch 2.19 gives on Timesketch's mapping, but
 * for what docs/query-semantics.md lists.
 *
 * @param openStore - Makes an empty store; the suite disposes of it.
 */
export function describeAskContract(openStore: () => Promise<EventStore>): void {
  describe('asking', () => {
    let store: EventStore
    beforeAll(async () => {
      store = await openStore()
    })
    afterAll(async () => {
      await store[Symbol.asyncDispose]()
    })
    const given = (rows: readonly (object | string)[], profile = {}) =>
      importFresh(() => store, rows, profile)

    describe('words', () => {
      const find = given([
        { n: 0, message: 'Login failed for user0 from 10.0.0.1', user: 'user0' },
        { n: 1, message: 'Login accepted for User1', user: 'User1', note: 'failed once' },
        { n: 2, message: ['first failed login', 'second'], code: 4624 },
        { n: 3, message: 'logged in', code: '4624', EventID: 7, flag: true },
        { n: 4, message: 'Größe ÄNDERN: 日本語 C:\\Temp\\a.exe', code: 4624.5 },
        { n: 5, code: -5, message: '' },
        '{"n":6,"__proto__":"hostile","message":"nul \\u0000 and lone \\ud800 surrogate"}',
      ])
      it.each<[string, Query, number[]]>([
        ['one word, any case', match('message', 'LOGIN'), [0, 1, 2]],
        ['all words', match('message', 'login failed'), [0, 2]],
        ['one of the words', match('message', 'accepted failed', 'or'), [0, 1, 2]],
        ['all words in one field', match(undefined, 'login failed'), [0, 2]],
        ['words of any field', match(undefined, 'failed'), [0, 1, 2]],
        [
          'words that stand in different fields',
          and(match(undefined, 'accepted'), match(undefined, 'once')),
          [1],
        ],
        ['a number as text or number', match('code', '4624'), [2, 3]],
        ['a number in any field', match(undefined, '4624'), [2, 3]],
        ['a number with a fraction', match('code', '4624.5'), [4]],
        ['a negative number', match('code', '-5'), [5]],
        ['a small number in any field', match(undefined, '7'), [3]],
        ['no number where numbers are', match('EventID', 'seven'), []],
        ['true', match('flag', 'true'), [3]],
        ['false', match('flag', 'false'), []],
        ['letters beyond ASCII', match('message', 'größe ändern'), [4]],
        ['ideographs one by one', match('message', '語'), [4]],
        ['an address as one word', match('message', '10.0.0.1'), [0]],
        ['punctuation only', match('message', '!!!'), []],
        ['a field nobody has', match('nothing', 'login'), []],
        ['a field with a hostile name', match('__proto__', 'hostile'), [6]],
        ['one indexed word, not analysed', term('message', 'login'), [0, 1, 2]],
        ['one indexed word, in its case', term('message', 'Login'), []],
        ['one indexed word, in any case', { ...term('message', 'Login'), caseInsensitive: true }, [0, 1, 2]],
        ['a number by term', term('code', 4624), [2, 3]],
      ])('finds %s', async (_, query, expected) => {
        expect(await find(query)).toEqual(expected)
      })
    })

    describe('phrases', () => {
      const find = given([
        { n: 0, message: 'the quick brown fox jumps' },
        { n: 1, message: 'brown quick the fox' },
        { n: 2, message: ['the quick', 'brown fox'] },
        { n: 3, message: `${'filler word '.repeat(40)}quick, brown: FOX` },
        { n: 4, other: 'quick brown', message: 'fox' },
        { n: 5, message: 'quick red brown bag' },
      ])
      it.each<[string, Query, number[]]>([
        ['words in their order', phrase('message', 'quick brown'), [0, 3]],
        ['words in their order in any field', phrase(undefined, 'Quick BROWN'), [0, 3, 4]],
        ['words with one between', phrase('message', 'quick brown', 1), [0, 3, 5]],
        ['words changed about', phrase('message', 'quick brown', 2), [0, 1, 3, 5]],
        ['the beginning of the last word', { ...phrase('message', 'quick brow fo'), prefix: true }, []],
        ['the beginning of the last word', { ...phrase('message', 'quick brown fo'), prefix: true }, [0, 3]],
        ['one word', phrase('message', 'jumps'), [0]],
        ['the whole of a value', phrase('message.keyword', 'fox'), [4]],
      ])('finds %s', async (_, query, expected) => {
        expect(await find(query)).toEqual(expected)
      })
    })

    describe('whole values', () => {
      const long = `${'x'.repeat(300)} C:\\Temp\\evil.exe`
      const find = given([
        { n: 0, path: 'C:\\Windows\\cmd.exe', size: 10 },
        { n: 1, path: 'c:\\windows\\CMD.exe', size: 10.5 },
        { n: 2, path: long },
        { n: 3, path: ['D:\\data', 'C:\\Windows\\cmd.exe'], a: { b: { c: 'deep value' } } },
        { n: 4, path: '', 'a.b.c': 'deep value' },
        { n: 5, path: 'x'.repeat(256) },
        { n: 6, path: 'x'.repeat(257) },
        { n: 7, path: '100% _sure_!' },
      ])
      it.each<[string, Query, number[]]>([
        ['an equal value, case and all', term('path.keyword', 'C:\\Windows\\cmd.exe'), [0, 3]],
        [
          'an equal value in any case',
          { ...term('path.keyword', 'C:\\WINDOWS\\cmd.exe'), caseInsensitive: true },
          [0, 1, 3],
        ],
        ['no word', term('path.keyword', 'cmd.exe'), []],
        ['an empty value', term('path.keyword', ''), [4]],
        ['a value of 256 units', term('path.keyword', 'x'.repeat(256)), [5]],
        ['no value of 257 units by keyword', term('path.keyword', 'x'.repeat(257)), []],
        ['a value of 257 units by wildcard', term('path.wildcard', 'x'.repeat(257)), [6]],
        ['dotted paths and dotted names', term('a.b.c.keyword', 'deep value'), [3, 4]],
        ['a text with a chip', match('path.keyword', 'C:\\Windows\\cmd.exe'), [0, 3]],
        ['no numbers by keyword', term('size.keyword', 10), []],
        ['a pattern in its case', wildcard('path.keyword', 'C:\\\\Win*'), [0, 3]],
        ['a pattern with signs of SQL', wildcard('path.keyword', '100% _*'), [7]],
        ['a pattern in any case', wildcard('path', 'c:\\\\win*', true), [0, 1, 3]],
        ['a pattern that no word can match', wildcard('path', '*WINDOWS\\\\c?d*'), [0, 1, 3]],
        ['a pattern in a long value', wildcard('path', '*temp\\\\EVIL*'), [2]],
        ['a pattern in a long value of any field', wildcard(undefined, '*temp\\\\EVIL*', true), [2]],
        ['a long value by its beginning', wildcard('path', 'xxxx*evil.exe', true), [2]],
        ['no long value by keyword', wildcard('path.keyword', 'x*evil.exe'), []],
        ['a regular expression', regexp('path.keyword', 'C:\\\\[A-Z][a-z]+\\\\.*'), [0, 3]],
        ['a regular expression, long values too', regexp('path.wildcard', 'x+ C.*'), [2]],
        ['a range by code points', range('path.keyword', { gte: 'C', lt: 'D' }), [0, 3]],
        ['values that are there', exists('path'), [0, 1, 2, 3, 4, 5, 6, 7]],
        ['short values that are there', exists('path.keyword'), [0, 1, 3, 4, 5, 7]],
        ['objects that have a value', exists('a'), [3, 4]],
        ['objects in objects', exists('a.b'), [3, 4]],
        ['words of fields by their names', match('a.*', 'deep'), [3, 4]],
        ['whole values of fields by their names', match('a.*', 'deep value'), [3, 4]],
        ['no field of such a name', match('z*', 'deep'), []],
      ])('finds %s', async (_, query, expected) => {
        expect(await find(query)).toEqual(expected)
      })
    })

    describe('patterns of words', () => {
      const find = given([
        { n: 0, message: 'PowerShell started' },
        { n: 1, message: 'power off', app: 'mimikatz' },
        { n: 2, message: 'shell of mimicry' },
        { n: 3, message: 'nothing', id: 4624 },
      ])
      it.each<[string, Query, number[]]>([
        ['a beginning', wildcard('message', 'power*'), [0, 1]],
        ['a beginning in any case', { ...wildcard('message', 'POWER*'), caseInsensitive: true }, [0, 1]],
        ['no beginning in capitals, as words have none', wildcard('message', 'POWER*'), []],
        ['an end', wildcard('message', '*shell'), [0, 2]],
        ['a middle', wildcard('message', '*wersh*'), [0]],
        ['one character', wildcard('message', 'o?'), [2]],
        ['a pattern in any field', wildcard(undefined, 'mimi*'), [1, 2]],
        ['a pattern over words in any field, by whole values', wildcard(undefined, 'power*f'), [1]],
        ['no pattern over words in one field', wildcard('message', 'power*f'), []],
        ['no number in any field', wildcard(undefined, '462*'), []],
        ['anything', wildcard('app', '*'), [1]],
        ['an expression', regexp('message', 'power.*'), [0, 1]],
        ['an expression in any field', regexp(undefined, 'mimi(katz|cry)'), [1, 2]],
        ['no expression in capitals, as words have none', regexp('message', 'Power.*'), []],
        ['a word that is near', fuzzy('message', 'pwoer'), [1]],
        ['a word that is near in any field', fuzzy(undefined, 'mimikats'), [1]],
        ['no word that begins otherwise', { ...fuzzy('message', 'xower'), prefixLength: 1 }, []],
        ['words in a range', range('message', { gte: 'po', lt: 'powerz' }), [0, 1]],
      ])('finds %s', async (_, query, expected) => {
        expect(await find(query)).toEqual(expected)
      })
    })

    describe('numbers and times', () => {
      const find = given([
        { n: 0, datetime: '2024-01-01T00:00:00Z', v: 1, big: 1 },
        { n: 1, datetime: '2024-01-31T23:59:59.999999Z', v: 2.5 },
        '{"n":2,"datetime":"2024-02-01T00:00:00.123456789Z","v":[3,40],"big":9223372036854775807}',
        { n: 3, datetime: '1969-12-31T23:59:59.5Z', v: '3' },
        { n: 4, datetime: '2025-06-01T12:00:00Z', v: 1e300 },
      ])
      it.each<[string, Query, number[]]>([
        ['numbers from, and texts of a field that has both', range('v', { gte: 2 }), [3, 1, 2, 4]],
        ['numbers between', range('v', { gt: '2.5', lte: '3' }), [3, 2]],
        ['one of several numbers', range('v', { gt: 30, lt: 50 }), [2]],
        ['integers of 64 bits', range('big', { gt: '9223372036854775806' }), [2]],
        ['days', range('datetime', { gte: '2024-01-01', lte: '2024-01-31' }), [0, 1]],
        ['what comes after a day', range('datetime', { gt: '2024-01-31' }), [2, 4]],
        ['what comes before a month', range('datetime', { lt: '2024-02' }), [3, 0, 1]],
        ['a day', match('datetime', '2024-02-01'), [2]],
        ['a year as its first day, as OpenSearch', match('datetime', '2024'), [0]],
        [
          'a day in a zone',
          range('datetime', { gte: '2024-02-01', lte: '2024-02-01', timeZone: '+02:00' }),
          [1, 2],
        ],
        ['date maths', range('datetime', { gte: '2024-01-15||/M', lt: '2024-01-15||+1M/M' }), [0, 1]],
        ['milliseconds', range('datetime', { gte: 1706745600000, lte: '1706745600123' }), [2]],
        ['before 1970', range('datetime', { lt: '1970-01-01' }), [3]],
        ['microseconds', range('timestamp', { gte: 1706745599999999, lte: 1706745600123456 }), [1, 2]],
        ['a microsecond', term('timestamp', -500000), [3]],
        ['no date', range('datetime', { gte: 'soon' }), []],
        ['a day in any field', match(undefined, '2025-06-01'), [4]],
        ['events that have a time', exists('datetime'), [3, 0, 1, 2, 4]],
      ])('finds %s', async (_, query, expected) => {
        expect(await find(query)).toEqual(expected)
      })
    })

    describe('integers beyond the exact range of a double', () => {
      const find = given([
        '{"n":0,"id":9007199254740992,"ft":133000000000000000}',
        '{"n":1,"id":9007199254740993,"ft":133000000000000001}',
        '{"n":2,"id":[9007199254740994,9007199254740995]}',
        '{"n":3,"id":18446744073709551615}',
        '{"n":4,"id":1.33e+17}',
      ])
      it.each<[string, string, number[]]>([
        ['the even one', '9007199254740992', [0]],
        ['its odd neighbour', '9007199254740993', [1]],
        ['one of several', '9007199254740995', [2]],
        ['one beyond 64 bits', '18446744073709551615', [3]],
        ['none', '9007199254740996', []],
      ])('finds %s', async (_, digits, expected) => {
        expect(await find(match('id', digits))).toEqual(expected)
        expect(await find(range('id', { gte: digits, lte: digits }))).toEqual(expected)
        expect(await find(match(undefined, digits))).toEqual(expected)
        expect(await find({ kind: 'not', of: match(undefined, digits) })).toEqual(
          [0, 1, 2, 3, 4].filter((n) => !expected.includes(n)),
        )
      })
      it('finds a time in hundreds of nanoseconds, and doubles that are it', async () => {
        expect(await find(match('ft', '133000000000000001'))).toEqual([1])
        expect(await find(match(undefined, '133000000000000000'))).toEqual([0, 4])
        expect(await find(match(undefined, '133000000000000001'))).not.toContain(0)
      })
    })

    describe('true and false', () => {
      const find = given([{ n: 0, f: true }, { n: 1, f: false }, { n: 2, f: [true, false] }, { n: 3 }])
      it.each<[string, Query, number[]]>([
        ['true', match('f', 'true'), [0, 2]],
        ['false in any field', match(undefined, 'false'), [1, 2]],
        ['both in a range', range('f', { gte: 'false', lte: 'true' }), [0, 1, 2]],
        ['one in a range', range('f', { gt: 'false' }), [0, 2]],
        ['none in a range', range('f', { gt: 'true' }), []],
        ['no other name of them', match('f', 'yes'), []],
      ])('finds %s', async (_, query, expected) => {
        expect(await find(query)).toEqual(expected)
      })
    })

    describe('logic', () => {
      const find = given(
        Array.from({ length: 8 }, (_, n) => ({
          n,
          ...(n & 1 && { a: 'x' }),
          ...(n & 2 && { b: 'x' }),
          ...(n & 4 && { c: 'x' }),
        })),
      )
      const [a, b, c] = [exists('a'), exists('b'), exists('c')]
      it.each<[string, Query, number[]]>([
        ['everything', { kind: 'all' }, [0, 1, 2, 3, 4, 5, 6, 7]],
        ['nothing', { kind: 'none' }, []],
        ['all of none', and(), [0, 1, 2, 3, 4, 5, 6, 7]],
        ['some of none', { kind: 'or', of: [] }, []],
        ['all of', and(a, b), [3, 7]],
        ['some of', { kind: 'or', of: [a, c] }, [1, 3, 4, 5, 6, 7]],
        ['two of three', { kind: 'or', of: [a, b, c], atLeast: 2 }, [3, 5, 6, 7]],
        ['not', { kind: 'not', of: a }, [0, 2, 4, 6]],
        ['not not', { kind: 'not', of: { kind: 'not', of: a } }, [1, 3, 5, 7]],
        ['all but what nobody has', { kind: 'not', of: exists('d') }, [0, 1, 2, 3, 4, 5, 6, 7]],
        ['nested', and({ kind: 'or', of: [a, b] }, { kind: 'not', of: and(a, b) }, c), [5, 6]],
      ])('finds %s', async (_, query, expected) => {
        expect(await find(query)).toEqual(expected)
      })
    })

    describe('what an import says of its fields', () => {
      const find = given(
        [
          { n: 0, Message: 'from the alias' },
          { n: 1, Message: 'hidden', message: 'its own' },
          { n: 2, timestamp_desc: 'Own Time' },
        ],
        { aliases: { message: 'Message' }, constants: { timestamp_desc: 'Event Logged', source: 'evtx' } },
      )
      it.each<[string, Query, number[]]>([
        ['the alias', match('message', 'alias'), [0]],
        ['not the alias where there is an own value', match('message', 'hidden'), []],
        ['the own value', match('message', 'own'), [1]],
        ['the alias under its own name', match('Message', 'hidden'), [1]],
        ['an alias as a whole', term('message.keyword', 'from the alias'), [0]],
        ['events with the field or its alias', exists('message'), [0, 1]],
        ['a constant', match('timestamp_desc', 'logged'), [0, 1]],
        ['a constant as a whole', term('timestamp_desc.keyword', 'Event Logged'), [0, 1]],
        ['the own value before the constant', match('timestamp_desc', 'own'), [2]],
        ['a constant in any field', match(undefined, 'evtx'), [0, 1, 2]],
        ['a constant that is there', exists('source'), [0, 1, 2]],
      ])('finds %s', async (_, query, expected) => {
        expect(await find(query)).toEqual(expected)
      })
    })

    describe('fields', () => {
      it('have their kinds and exact counts', async () => {
        await store.dropIndex(TEST_INDEX)
        const rows = [
          { a: 1, b: 'x', tag: ['p', 'q'] },
          { a: 'one', b: 'y' },
          { a: [1, 'one', 'two'], c: { d: true }, long: 'x'.repeat(300) },
        ]
        await importRows(store, {
          rows,
          profile: { aliases: { message: 'b' }, constants: { source: 'csv' } },
        })
        const fields = await store.listFields([{ index: TEST_INDEX }], { cardinality: true })
        const facts = Object.fromEntries(
          fields.map(({ name, kinds, eventCount }) => [name, [eventCount, ...kinds]]),
        )
        expect(facts).toEqual({
          a: [3, 'integer', 'string'],
          b: [2, 'string'],
          'c.d': [1, 'boolean'],
          datetime: [3, 'date'],
          long: [1, 'string'],
          message: [2, 'string'],
          source: [3, 'string'],
          tag: [1, 'string'],
          timestamp: [3, 'integer'],
        })
        expect(fields.find(({ name }) => name === 'tag')?.cardinality).toBe(2)
        // Kept from the time before, and made without: neither answer is given for the other.
        const plain = await store.listFields([{ index: TEST_INDEX }])
        expect(plain).toEqual(fields.map(({ cardinality: _, ...field }) => field))
      })
    })

    describePages(() => store)
    describeMarks(() => store)
    describeAggregations(() => store)
  })
}

/** Imports rows into a fresh index before the tests of a block; the function finds among them. */
function importFresh(
  getStore: () => EventStore,
  rows: readonly (object | string)[],
  profile: object,
): (query: Query) => Promise<number[]> {
  beforeAll(async () => {
    await getStore().dropIndex(TEST_INDEX)
    await importRows(getStore(), { rows, profile, batchRows: 3 })
  })
  return (query) => findNumbers(getStore(), query)
}
