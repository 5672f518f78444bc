import type { Detection } from './rule.ts'
import type { SigmaValue } from './value.ts'

/** Detections whose parts of times are those of a zone's clocks; as they are where none is named. */
export function useTimeZone(
  detections: ReadonlyMap<string, Detection>,
  timeZone: string | undefined,
): ReadonlyMap<string, Detection> {
  if (timeZone === undefined) return detections
  return new Map([...detections].map(([name, detection]) => [name, inZone(detection, timeZone)]))
}

function inZone(detection: Detection, timeZone: string): Detection {
  if (detection.kind === 'group')
    return { ...detection, of: detection.of.map((part) => inZone(part, timeZone)) }
  return { ...detection, values: detection.values.map((value) => valueInZone(value, timeZone)) }
}

function valueInZone(value: SigmaValue, timeZone: string): SigmaValue {
  if (value.kind === 'any-of') return { ...value, of: value.of.map((one) => valueInZone(one, timeZone)) }
  return value.kind === 'time-part' ? { ...value, timeZone } : value
}
