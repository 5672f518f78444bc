import { expect, test } from 'vitest'
import { findSearch } from './search-engines.ts'

test.each([
  ['https://www.google.com/search?client=x&q=how+to%20hide&hl=en', 'Google', 'how to hide'],
  ['https://www.bing.com/search?q=caf%C3%A9', 'Bing', 'café'],
  ['https://duckduckgo.com/?q=a%2Bb', 'DuckDuckGo', 'a+b'],
  ['https://mail.google.com/mail/u/0/#search/from%3Aboss/xyz', 'GMail', 'from:boss'],
  ['https://www.youtube.com/results?search_query=cats', 'Youtube', 'cats'],
  ['https://search.yahoo.com/search;?p=query&fr=1', 'Yahoo', 'query'],
  ['https://www.linkedin.com/search/results/?keywords=eve', 'LinkedIn', 'eve'],
  ['https://yandex.com/search/?text=what', 'Yandex', 'what'],
  ['https://sites.google.com/site/x/system/app/pages/search?q=y', 'Google Sites', 'y'],
  // A percent sign that stands for itself, and bytes that are no UTF-8.
  ['https://www.google.com/search?q=100%&x=1', 'Google', '100%'],
  ['https://www.google.com/search?q=%ff%41', 'Google', '\ufffdA'],
])('%s', (url, engine, words) => {
  expect(findSearch(url)).toEqual({ engine, words })
})

test.each([
  'https://www.google.com/maps?q=here',
  'https://www.google.com/search?q=',
  'https://www.google.com/search?hl=en',
  'https://example.com/search?q=x',
  'not a url',
  '',
])('%s is no search', (url) => {
  expect(findSearch(url)).toBeUndefined()
})
