import { type KeyReader, nameAbove } from './key-reader.ts'

const USER_KEY = /\\CONTROLSET\\SERVICES\\(?:BAM|DAM)\\(?:STATE\\)?USERSETTINGS\\S-[0-9-]+$/
const TIME_BYTES = 8

/** Programs that ran in the background, by user, since Windows 10. */
export const BACKGROUND_ACTIVITY: KeyReader = {
  read(context) {
    if (!USER_KEY.test(context.place)) return false
    const user = nameAbove(context.path, 0)
    for (const { name, data } of context.values) {
      const isProgram = name.includes('\\') || name.includes('.')
      if (!isProgram || data.length < TIME_BYTES) continue
      context.keep({
        data_type: 'windows:registry:bam',
        message: `${name} [${user}]`,
        key_path: context.path,
        path: name,
        user_identifier: user,
        last_run_time: context.times.read(data, 0),
      })
    }
    return true
  },
}
