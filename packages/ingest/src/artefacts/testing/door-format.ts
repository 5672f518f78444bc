import type { ArtefactFormat } from '../artefact-format.ts'

const MAGIC = 'DOOR1'
const RECORD_BYTES = 32

/** Log of a door controller: "DOOR1", then records of 32 bytes: u32 seconds since 1970, the door's name in Latin-1, padded. */
export const DOOR_FORMAT: ArtefactFormat = {
  name: 'door-log',
  title: 'door controller log',
  recognisedBy: '"DOOR1" at its beginning',
  headBytes: MAGIC.length,
  maxBytes: 64 * 1024 * 1024,
  matches: (head) => head.toString('latin1', 0, MAGIC.length) === MAGIC,
  times: [['opened_at', 'Door Opened']],
  constants: { data_type: 'door:log:entry', source_short: 'LOG', source_long: 'Door Log' },
  read(bytes, sink) {
    let number = 1
    for (let at = MAGIC.length; at < bytes.length; at += RECORD_BYTES, number++) {
      const record = bytes.subarray(at, at + RECORD_BYTES)
      if (record.length < RECORD_BYTES) {
        sink.reject(number, 'truncated', `expected ${RECORD_BYTES} bytes, found ${record.length}`, at, record)
        return
      }
      const opened_at = new Date(record.readUInt32LE(0) * 1000).toISOString()
      const door = record.toString('latin1', 4).trim()
      sink.keep(number, { opened_at, door, message: `${door} was opened` })
    }
  },
}
