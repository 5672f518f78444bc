import { expect, it } from 'vitest'
import { FIELD_MAP_EXAMPLE, parseFieldMap } from './field-map.ts'

it('reads pairs, blanks around them aside', () => {
  expect(parseFieldMap(FIELD_MAP_EXAMPLE)).toEqual({ map: { time: 'EventTime', message: 'Message' } })
  expect(parseFieldMap(' time = Event Time , message=a=b')).toEqual({
    map: { time: 'Event Time', message: 'a=b' },
  })
})

it.each(['nonsense', 'time=', '=x', '', 'time=a,,b=c'])('tells the part of %j that is no pair', (text) => {
  expect(parseFieldMap(text).badPair).toBe(text === 'time=a,,b=c' ? '' : text)
})

it('takes any name for a name', () => {
  expect(Object.entries(parseFieldMap('__proto__=x').map ?? {})).toEqual([['__proto__', 'x']])
})
