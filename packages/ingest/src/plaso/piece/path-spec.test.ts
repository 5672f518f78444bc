import { expect, it } from 'vitest'
import { displayName, relativePath, showPathSpec } from './path-spec.ts'

const OS = { type_indicator: 'OS', location: '/a\u007f/b\ud800' }

it.each([
  [OS, 'OS:/a\\x7f/b\\U0000d800'],
  [{ type_indicator: 'NTFS', location: '\\f', data_stream: 'ads' }, 'NTFS:\\f:ads'],
  [{ type_indicator: 'GZIP', parent: { type_indicator: 'OS', location: '/x.gz' } }, 'GZIP:/x.gz'],
  [
    { type_indicator: 'COMPRESSED_STREAM', compression_method: 'bzip2', parent: { location: '/x.bz2' } },
    'BZIP2:/x.bz2',
  ],
  [{ type_indicator: 'NTFS', location: '\\f', parent: { type_indicator: 'VSHADOW' } }, 'NTFS:\\f'],
  [{ type_indicator: 'RAW' }, 'RAW'],
])('%j is shown as %s', (spec, shown) => {
  expect(displayName(spec)).toBe(shown)
})

it('says nothing of what is no specification', () => {
  expect([displayName('x'), displayName(undefined), relativePath(7)]).toEqual([
    undefined,
    undefined,
    undefined,
  ])
})

it('never shows keys and passwords, however deep they lie', () => {
  const spec = {
    type_indicator: 'NTFS',
    parent: { type_indicator: 'BDE', password: 'p', parent: { key: 'k' } },
  }
  expect(showPathSpec(spec)).toBe('{"type_indicator":"NTFS","parent":{"type_indicator":"BDE","parent":{}}}')
})
