import { type FieldChoice, listNamedFields, readConstant } from '@timeskein/model/events'
import { describeJoinedFields, type JoinedField } from './joined-field.ts'
import type { Mapping } from './mapping.ts'

/**
 * A mapping of a format whose fields are known beforehand, with what the user said over it (`MappingOptions.map`). Fields that no
 * row has stand for nothing: which there are is known only when every row has been read.
 */
export function applyUserMap(mapping: Mapping, map: Readonly<Record<string, FieldChoice>> = {}): Mapping {
  const aliases: Record<string, string> = { ...mapping.profile.aliases }
  const constants: Record<string, string> = { ...mapping.profile.constants }
  const joined: JoinedField[] = []
  let { times, reason, messageField } = mapping
  for (const [name, choice] of Object.entries(map)) {
    const fields = listNamedFields(choice)
    if (name === 'time' || name === 'datetime' || name === 'timestamp') {
      times = [{ fields, description: times[0]!.description }]
      reason = `${reason}; but the time is in ${fields.join(' and ')}, as asked`
      continue
    }
    delete aliases[name]
    delete constants[name]
    const constant = readConstant(choice)
    if (constant !== undefined) constants[name] = constant
    else if (fields.length > 1) joined.push({ target: name, fields })
    else if (fields[0] !== name) aliases[name] = fields[0]!
    if (name === 'message') messageField = fields.length > 1 ? name : fields[0]!
  }
  return {
    ...mapping,
    times,
    ...(messageField === undefined ? {} : { messageField }),
    ...(joined.length > 0 ? { joined } : {}),
    profile: { aliases, constants },
    reason: reason + describeJoinedFields(joined),
  }
}
