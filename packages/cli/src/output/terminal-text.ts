/**
 * Makes text from events safe to print: control codes are shown, not sent (`ESC` as `\x1b`), so that evidence cannot move the
 * cursor, set a title or hide a line. Line ends and tabs become visible too, for one line must stay one line.
 */
export function showControlCodes(text: string): string {
  // The bidirectional marks are here because they reorder what is read: "exe.txt" can be shown for "txt.exe".
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, (character) => {
    if (character === '\n') return '\\n'
    if (character === '\t') return '\\t'
    if (character === '\r') return '\\r'
    const code = character.charCodeAt(0)
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`
  })
}
