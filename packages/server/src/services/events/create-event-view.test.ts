import type { StoredEvent } from '@timeskein/model'
import { joinMembers, splitMembers } from '@timeskein/model'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createEventView } from './create-event-view.ts'
import { FieldPick } from './field-pick.ts'
import { compileGlob } from './field-selection.ts'

function makeEvent(source: string, more: Partial<StoredEvent> = {}): StoredEvent {
  return {
    index: 'a'.repeat(32),
    id: 'e1',
    seq: 0,
    timelineId: 1,
    timeUs: 1_577_836_800_000_001n,
    nanos: 0,
    source,
    profile: { aliases: {}, constants: {} },
    marks: { tags: [], removedTags: [], labels: [], attributes: {} },
    ...more,
  }
}

describe('an event as a sketch sees it', () => {
  it('gives the source back byte for byte, with what it lacks at its end', () => {
    const source = '{"a": 1.0, "big":123456789012345678901234567890 ,"message":"m","\\u0041":"\\ud800"}'
    const view = createEventView(makeEvent(source), 1)
    expect(view.toJson()).toBe(
      `${source.slice(0, -1)},"datetime":"2020-01-01T00:00:00.000001+00:00","timestamp":1577836800000001,"timestamp_desc":"Event Time"}`,
    )
  })

  it('lets the source’s own fields count', () => {
    const view = createEventView(
      makeEvent('{"datetime":"x","timestamp":"y","timestamp_desc":"z","message":null}'),
      1,
    )
    expect(view.toJson()).toBe('{"datetime":"x","timestamp":"y","timestamp_desc":"z","message":null}')
  })

  it('shows attributes in place of what the source has under their names', () => {
    const marks = {
      tags: [],
      removedTags: [],
      labels: [],
      attributes: { state: 'closed', item: { state: 'closed' }, more: 1 },
    }
    const source = '{"state":"new","item":{"state":"new"},"message":"m","timestamp_desc":"t"}'
    const view = createEventView(makeEvent(source, { marks }), 1)
    expect(JSON.parse(view.toJson())).toMatchObject({
      state: 'closed',
      item: { state: 'closed' },
      message: 'm',
      more: 1,
    })
    expect([view.get('item.state'), view.toJson(['state'])]).toEqual(['closed', '{"state":"closed"}'])
  })

  it('takes what the import says stands for a field, nested too', () => {
    const view = createEventView(
      makeEvent('{"Event":{"Message":"said","n":7}}', {
        profile: {
          aliases: { message: 'Event.Message' },
          constants: { timestamp_desc: 'Logged', source: 'x' },
        },
      }),
      1,
    )
    expect(view.get('message')).toBe('said')
    expect(view.get('timestamp_desc')).toBe('Logged')
    expect(view.get('Event.n')).toBe(7)
  })

  it('makes up a message from the event’s fields when there is none', () => {
    const view = createEventView(makeEvent('{"user":"eve","code":4624,"empty":"","nested":{"a":1}}'), 1)
    expect(view.get('message')).toBe('user: eve, code: 4624')
  })

  it('shows tags as marks left them, and labels of its own sketch only', () => {
    const view = createEventView(
      makeEvent('{"tag":["a","b"],"message":"m"}', {
        marks: {
          tags: ['c'],
          removedTags: ['a'],
          labels: [
            { name: '__ts_star', sketchId: 1, userId: 1 },
            { name: '__ts_star', sketchId: 1, userId: 2 },
            { name: 'other', sketchId: 2, userId: 1 },
          ],
          attributes: { verdict: { sure: true } },
        },
      }),
      1,
    )
    expect(view.tags).toEqual(['b', 'c'])
    expect(view.labels).toEqual(['__ts_star'])
    expect(JSON.parse(view.toJson())).toMatchObject({ tag: ['b', 'c'], verdict: { sure: true } })
  })

  it('drops the tag field with its last tag', () => {
    const view = createEventView(
      makeEvent('{"tag":"a"}', { marks: { tags: [], removedTags: ['a'], labels: [], attributes: {} } }),
      1,
    )
    expect(view.members.has('tag')).toBe(false)
  })

  it('selects fields by name, path and star', () => {
    const view = createEventView(makeEvent('{"a":1,"b":{"c":2,"d":3},"e.f":4,"g":5,"message":"m"}'), 1)
    expect(view.toJson(['a', 'b.c', 'e'])).toBe('{"a":1,"b":{"c":2},"e.f":4}')
    expect(view.toJson(['*.d', 'g'])).toBe('{"b":{"d":3},"g":5}')
    expect(view.toJson(['none'], new Map([['_id', '"x"']]))).toBe('{"_id":"x"}')
  })

  it('is not harmed by names of JavaScript’s own', () => {
    const view = createEventView(makeEvent('{"__proto__":{"x":1},"constructor":"c","message":"m"}'), 1)
    expect(view.get('__proto__.x')).toBe(1)
    expect(view.get('constructor')).toBe('c')
    expect(view.get('toString')).toBeUndefined()
    expect(Object.keys(view.toObject(['__proto__', 'constructor']))).toEqual(['__proto__', 'constructor'])
  })
})

describe('members of JSON text', () => {
  it('are the ones JSON.parse finds', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()),
        fc.nat(3),
        (object, indent) => {
          const text = JSON.stringify(object, undefined, indent)
          const members = splitMembers(text)
          const rejoined = JSON.parse(joinMembers(members)) as unknown
          expect(rejoined).toEqual(JSON.parse(text))
        },
      ),
    )
  })

  it('are refused where there are none, without hanging', () => {
    for (const text of [
      '',
      '[]',
      '{',
      '{"a"',
      '{"a":',
      '{"a":1',
      '{"a":1,}',
      '{"a\\":1}',
      '{"a":[1}',
      'null',
    ]) {
      expect(() => splitMembers(text)).toThrow(SyntaxError)
    }
  })
})

it('matches stars in bounded time', () => {
  expect(compileGlob('a*b*c')('aXXbYYc')).toBe(true)
  expect(compileGlob('a*b*c')('aXXbYY')).toBe(false)
  expect(compileGlob('*')('')).toBe(true)
  expect(compileGlob(`${'a*'.repeat(50)}b`)('a'.repeat(20_000))).toBe(false)
})

describe('some fields of an event', () => {
  const names = ['datetime', 'timestamp', 'message', 'timestamp_desc', 'tag', 'state', 'host', 'a.b', 'kind']
  const sources = fc.dictionary(
    fc.constantFrom(...names, 'Message', 'Event', 'other'),
    fc.oneof(
      fc.string(),
      fc.integer(),
      fc.constant(null),
      fc.constant(['t', 'u']),
      fc.constant({ Text: 'm', n: 1 }),
    ),
  )
  const profiles = fc.record({
    aliases: fc.dictionary(
      fc.constantFrom('datetime', 'message', 'timestamp_desc'),
      fc.constantFrom('Message', 'Event.Text', 'Event.n', 'other', 'nowhere'),
    ),
    constants: fc.dictionary(fc.constantFrom('timestamp_desc', 'kind'), fc.string()),
  })
  const marks = fc.record({
    tags: fc.array(fc.constantFrom('t', 'v')),
    removedTags: fc.array(fc.constantFrom('t', 'u')),
    labels: fc.constant([]),
    attributes: fc.dictionary(fc.constantFrom('state', 'added'), fc.jsonValue()),
  })

  it('are those that all of its fields have, in their order', () => {
    fc.assert(
      fc.property(
        sources,
        profiles,
        marks,
        fc.subarray([...names, 'added', 'nowhere']),
        (source, profile, marked, wanted) => {
          const event = makeEvent(JSON.stringify(source), { profile, marks: marked })
          const fields = new FieldPick(wanted)
          const picked = [...createEventView(event, 1).pick(fields)].filter(([name]) =>
            fields.names.has(name),
          )
          const all = [...createEventView(event, 1).members].filter(([name]) => fields.names.has(name))
          expect(picked).toEqual(all)
        },
      ),
    )
  })
})
