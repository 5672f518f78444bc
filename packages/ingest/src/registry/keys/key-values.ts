import { nameType, showData } from '../hive/value-text.ts'
import { type KeyReader, timeOf } from './key-reader.ts'

/** Any key, with its values: when it was changed last. */
export const KEY_VALUES: KeyReader = {
  read(context) {
    const values = context.values.map(
      ({ name, type, data }) =>
        `${name === '' ? '(default)' : name}: [${nameType(type)}] ${showData(type, data)}`,
    )
    context.keep({
      data_type: 'windows:registry:key_value',
      message: `[${context.path}] ${values.length === 0 ? '(empty)' : shorten(values.join(' '))}`,
      key_path: context.path,
      values: values.length === 0 ? undefined : values,
      last_written_time: timeOf(context),
    })
    return true
  },
}

/** Characters of values in a message; the field has them all. */
const MAX_SHOWN = 480

function shorten(text: string): string {
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN).toWellFormed()}...`
}
