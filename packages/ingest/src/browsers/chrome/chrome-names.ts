/** Core of a transition, the lowest eight bits (Chromium, `ui/base/page_transition_types.h`). */
export const TRANSITIONS: readonly string[] = [
  'LINK',
  'TYPED',
  'AUTO_BOOKMARK',
  'AUTO_SUBFRAME',
  'MANUAL_SUBFRAME',
  'GENERATED',
  'AUTO_TOPLEVEL',
  'FORM_SUBMIT',
  'RELOAD',
  'KEYWORD',
  'KEYWORD_GENERATED',
]

/** Bits above the core of a transition (the same file). */
const QUALIFIERS: readonly (readonly [bit: number, name: string])[] = [
  [0x00800000, 'BLOCKED'],
  [0x01000000, 'FORWARD_BACK'],
  [0x02000000, 'FROM_ADDRESS_BAR'],
  [0x04000000, 'HOME_PAGE'],
  [0x08000000, 'FROM_API'],
  [0x10000000, 'CHAIN_START'],
  [0x20000000, 'CHAIN_END'],
  [0x40000000, 'CLIENT_REDIRECT'],
  [0x80000000, 'SERVER_REDIRECT'],
]

/** Names of the bits that are set in a transition. */
export function listQualifiers(transition: number): readonly string[] {
  return QUALIFIERS.filter(([bit]) => (transition & bit) !== 0).map(([, name]) => name)
}

/** Where a visit was made (Chromium, `components/history/core/browser/history_types.h`); those made here have no row. */
export const VISIT_SOURCES: readonly string[] = [
  'SOURCE_SYNCED',
  'SOURCE_BROWSED',
  'SOURCE_EXTENSION',
  'SOURCE_FIREFOX_IMPORTED',
  'SOURCE_IE_IMPORTED',
  'SOURCE_SAFARI_IMPORTED',
]

/** States of a download (Chromium, `components/download/public/common/download_item.h`; 3 was another bug's 4). */
export const DOWNLOAD_STATES: readonly string[] = [
  'IN_PROGRESS',
  'COMPLETE',
  'CANCELLED',
  'INTERRUPTED',
  'INTERRUPTED',
]

/** What Safe Browsing says of a download (Chromium, `download_danger_type.h`). */
export const DANGER_TYPES: readonly string[] = [
  'NOT_DANGEROUS',
  'DANGEROUS_FILE',
  'DANGEROUS_URL',
  'DANGEROUS_CONTENT',
  'MAYBE_DANGEROUS_CONTENT',
  'UNCOMMON_CONTENT',
  'USER_VALIDATED',
  'DANGEROUS_HOST',
  'POTENTIALLY_UNWANTED',
  'ALLOWLISTED_BY_POLICY',
  'ASYNC_SCANNING',
  'BLOCKED_PASSWORD_PROTECTED',
  'BLOCKED_TOO_LARGE',
  'SENSITIVE_CONTENT_WARNING',
  'SENSITIVE_CONTENT_BLOCK',
  'DEEP_SCANNED_SAFE',
  'DEEP_SCANNED_OPENED_DANGEROUS',
  'PROMPT_FOR_SCANNING',
  'BLOCKED_UNSUPPORTED_FILETYPE',
]
