/**
 * The number of a container in its table: `event_data.17` since format 20221023, plain 17 before.
 *
 * @returns Undefined for what is neither.
 */
export function readIdentifier(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0 ? value : undefined
  if (typeof value === 'bigint') return readIdentifier(Number(value))
  if (typeof value !== 'string') return undefined
  const number = Number(value.slice(value.lastIndexOf('.') + 1))
  return Number.isSafeInteger(number) && number > 0 ? number : undefined
}
