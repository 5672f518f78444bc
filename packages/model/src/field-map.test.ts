import { expect, it } from 'vitest'
import { FIELD_MAP_EXAMPLE, listNamedFields, parseFieldMap, readConstant } from './field-map.ts'

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

it('tells several fields by the plus between them, unless a field has that very name', () => {
  expect(listNamedFields('date + clock')).toEqual(['date', 'clock'])
  expect(listNamedFields('date+clock', (name) => name === 'date+clock')).toEqual(['date+clock'])
  expect(listNamedFields('C++')).toEqual(['C++'])
  expect(listNamedFields(['a+b', '=c'])).toEqual(['a+b', '=c'])
})

it('tells a constant', () => {
  expect(['=a+b', '=', 'a', ['=a']].map(readConstant)).toEqual(['a+b', '', undefined, undefined])
})
