import type { Effects } from '../effects.ts'

/** Whether results may be coloured: on a terminal, unless `NO_COLOR` is set to something (https://no-color.org). */
export function wantsColor(effects: Effects): boolean {
  return effects.isTerminal.out && !effects.env['NO_COLOR']
}
