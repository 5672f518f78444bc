import { expect, it } from 'vitest'
import { requireReachablePort } from './blocked-ports.ts'

it.each([1, 22, 4190, 5060, 5061, 6000, 6665, 6669, 10_080])(
  'refuses a port that fetch never asks: %i',
  async (port) => {
    expect(() => requireReachablePort(port)).toThrow(`found ${port}: it belongs to another protocol`)
    // Held against what the standard's own implementation does; nothing is sent.
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({ cause: { message: 'bad port' } })
  },
)

it.each([0, 80, 443, 5000, 8080, 10_081])('takes any other, and any free one: %i', (port) => {
  expect(() => requireReachablePort(port)).not.toThrow()
})
