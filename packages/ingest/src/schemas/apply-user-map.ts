import type { Mapping } from './mapping.ts'

/**
 * A mapping of a format whose fields are known beforehand, with what the user said over it (`MappingOptions.map`). Fields that no
 * row has stand for nothing: which there are is known only when every row has been read.
 */
export function applyUserMap(mapping: Mapping, map: Readonly<Record<string, string>> = {}): Mapping {
  const aliases: Record<string, string> = { ...mapping.profile.aliases }
  const constants: Record<string, string> = { ...mapping.profile.constants }
  let { times, reason, messageField } = mapping
  for (const [name, target] of Object.entries(map)) {
    if (name === 'time' || name === 'datetime' || name === 'timestamp') {
      const fields = target.split('+').map((field) => field.trim())
      times = [{ fields, description: times[0]!.description }]
      reason = `${reason}; but the time is in ${fields.join(' and ')}, as asked`
      continue
    }
    delete aliases[name]
    delete constants[name]
    if (target.startsWith('=')) constants[name] = target.slice(1)
    else if (target !== name) aliases[name] = target
    if (name === 'message') messageField = target
  }
  return {
    ...mapping,
    times,
    ...(messageField === undefined ? {} : { messageField }),
    profile: { aliases, constants },
    reason,
  }
}
