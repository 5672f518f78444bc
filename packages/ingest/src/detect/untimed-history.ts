/** Names of files to which shells and clients write what was typed, most of them without times. */
const HISTORY =
  /(?:^|[/\\!])(?:\.?(?:ash|bash|ksh|mysql|node_repl|psql|python|rediscli|sh|sqlite|zsh)_history(?:\.txt)?|ConsoleHost_history\.txt)$/i

/**
 * Says of a text in which no time was found that it is a history of commands, where its name says so.
 *
 * @returns A sentence's part, or undefined.
 */
export function describeUntimedHistory(path: string): string | undefined {
  return HISTORY.test(path)
    ? 'a history of commands that kept no times (bash and zsh write them with HISTTIMEFORMAT and EXTENDED_HISTORY): when each was run is not known, so no events are made of them; with times in front it is read'
    : undefined
}
