import type { RecordTransform } from '../json/json-row-reader.ts'
import { mapPlatformRecord } from '../platforms/map-record.ts'
import { flattenEvtxEvent } from './flatten-evtx.ts'
import type { RecordTransformName } from './mapping.ts'

const TRANSFORMS: Readonly<Record<RecordTransformName, RecordTransform>> = {
  evtx: flattenEvtxEvent,
  platform: mapPlatformRecord,
}

/** What changes the records of a mapping; undefined where they stay as they are. */
export function findRecordTransform(name: RecordTransformName | undefined): RecordTransform | undefined {
  return name === undefined ? undefined : TRANSFORMS[name]
}
