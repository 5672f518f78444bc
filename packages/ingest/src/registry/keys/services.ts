import { readString } from '../hive/value-text.ts'
import { findValue, type KeyReader, nameAbove, readKeyBelow, sayValue, timeOf } from './key-reader.ts'

const SERVICE_KEY = /\\CONTROLSET\\SERVICES\\[^\\]+$/

/** Types and starts of services (Microsoft, winnt.h). */
const TYPES: ReadonlyMap<unknown, string> = new Map([
  [0x1, 'Kernel device driver'],
  [0x2, 'File system driver'],
  [0x4, 'Adapter arguments'],
  [0x8, 'File system driver service'],
  [0x10, 'Stand-alone service'],
  [0x20, 'Shared service'],
])
const STARTS: ReadonlyMap<unknown, string> = new Map([
  [0, 'Boot'],
  [1, 'System'],
  [2, 'Auto Start'],
  [3, 'Manual'],
  [4, 'Disabled'],
])

/** Services and drivers: keys with a type and a start. */
export const SERVICES: KeyReader = {
  read(context) {
    if (!SERVICE_KEY.test(context.place) || !findValue(context, 'Type') || !findValue(context, 'Start'))
      return false
    const dll = readKeyBelow(context, 'Parameters').find(({ name }) => name.toUpperCase() === 'SERVICEDLL')
    const name = nameAbove(context.path, 0)
    const image = sayValue(context, 'ImagePath')
    const type = sayValue(context, 'Type')
    const start = sayValue(context, 'Start')
    const serviceDll = dll && readString(dll.type, dll.data)
    const account = sayValue(context, 'ObjectName')
    const parts = [
      `Type: ${TYPES.get(type) ?? type}`,
      `Start: ${STARTS.get(start) ?? start}`,
      image === undefined ? '' : `Image path: ${image}`,
      serviceDll === undefined ? '' : `Service DLL: ${serviceDll}`,
      account === undefined ? '' : `Object name: ${account}`,
    ]
    context.keep({
      data_type: 'windows:registry:service',
      message: `[${context.path}] ${parts.filter((part) => part !== '').join(' ')}`,
      key_path: context.path,
      name,
      image_path: image,
      service_dll: serviceDll,
      service_type: type,
      start_type: start,
      error_control: sayValue(context, 'ErrorControl'),
      object_name: account,
      display_name: sayValue(context, 'DisplayName'),
      last_written_time: timeOf(context),
    })
    return true
  },
}
