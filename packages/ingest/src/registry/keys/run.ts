import { readString } from '../hive/value-text.ts'
import { type KeyReader, timeOf } from './key-reader.ts'

const RUN_KEY =
  /\\MICROSOFT\\WINDOWS\\CURRENTVERSION\\(?:RUN|RUNONCE|RUNONCE\\SETUP|RUNONCEEX|RUNSERVICES|RUNSERVICESONCE|POLICIES\\EXPLORER\\RUN)$/

/** What starts with Windows or with a user's session. */
export const RUN: KeyReader = {
  read(context) {
    if (!RUN_KEY.test(context.place)) return false
    const entries = context.values.flatMap(({ name, type, data }) => {
      const text = readString(type, data)
      return name === '' || !text ? [] : [`${name}: ${text}`]
    })
    entries.sort()
    context.keep({
      data_type: 'windows:registry:run',
      message: `[${context.path}] Entries: ${entries.join(', ')}`,
      key_path: context.path,
      entries,
      last_written_time: timeOf(context),
    })
    return true
  },
}
