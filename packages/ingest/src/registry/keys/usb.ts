import { type KeyContext, type KeyReader, nameAbove, readKeyBelow, sayValue, timeOf } from './key-reader.ts'

const STORAGE_INSTANCE = /\\CONTROLSET\\ENUM\\USBSTOR\\[^\\]+\\[^\\]+$/
const DEVICE_INSTANCE = /\\CONTROLSET\\ENUM\\USB\\[^\\]+\\[^\\]+$/

/** Times among a device's properties (Microsoft, devpkey.h), by the number of their key. */
const DEVICE_TIMES = '{83da6326-97a6-4088-9453-a1923f573b29}'
const TIME_KEYS = {
  driver_first_installation_time: '0064',
  driver_last_installation_time: '0065',
  device_last_arrival_time: '0066',
  device_last_removal_time: '0067',
} as const

/** USB devices that held data, each time that one was in the computer. */
export const USB_STORAGE: KeyReader = {
  read(context) {
    if (!STORAGE_INSTANCE.test(context.place)) return false
    const [type, vendor, product, revision] = nameAbove(context.path, 1).split('&')
    const serial = nameAbove(context.path, 0)
    const shown = sayValue(context, 'FriendlyName')
    context.keep({
      data_type: 'windows:registry:usbstor:instance',
      message: `[${context.path}] ${shown ?? [vendor, product].join(' ')} serial: ${serial}`,
      key_path: context.path,
      device_type: type,
      device_display_name: shown,
      vendor,
      product,
      revision,
      serial,
      ...readTimes(context),
      last_written_time: timeOf(context),
    })
    return true
  },
}

/** USB devices of every kind. */
export const USB: KeyReader = {
  read(context) {
    if (!DEVICE_INSTANCE.test(context.place)) return false
    const device = nameAbove(context.path, 1)
    const [vendor, product] = device.split('&')
    const serial = nameAbove(context.path, 0)
    context.keep({
      data_type: 'windows:registry:usb',
      message: `[${context.path}] Product: ${product} Serial: ${serial} Vendor: ${vendor}`,
      key_path: context.path,
      subkey_name: device,
      vendor,
      product,
      serial,
      device_display_name: sayValue(context, 'FriendlyName') ?? sayValue(context, 'DeviceDesc'),
      ...readTimes(context),
      last_written_time: timeOf(context),
    })
    return true
  },
}

/** A property is a key whose own value has the data; before Windows 8 a key below it has them as `Data`. */
function readTimes(context: KeyContext): Readonly<Record<string, string | undefined>> {
  const found: Record<string, string | undefined> = {}
  for (const [field, number] of Object.entries(TIME_KEYS)) {
    const value =
      readKeyBelow(context, 'Properties', DEVICE_TIMES, number).find(({ name }) => name === '') ??
      readKeyBelow(context, 'Properties', DEVICE_TIMES, `0000${number}`, '00000000').find(
        ({ name }) => name === 'Data',
      )
    if (value && value.data.length >= 8) found[field] = context.times.read(value.data, 0)
  }
  return found
}
