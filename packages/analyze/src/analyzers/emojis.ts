/**
 * The emojis that analyzers put on events: HTML entities without their semicolon, as Timesketch keeps them in `__ts_emojis`
 * (version 20261014, lib/emojis.py).
 */
export const EMOJI_CODES = {
  BOMB: '&#x1F4A3',
  BUCKET: '&#x1FAA3',
  CAMERA: '&#x1F4F7',
  FIRE: '&#x1F525',
  FISHING_POLE: '&#x1F3A3',
  GLOBE: '&#x1F30F',
  HAMMER: '&#x1F528',
  HIGH_VOLTAGE: '&#x26A1',
  ID_BUTTON: '&#x1F194',
  LINK: '&#x1F517',
  LOCK: '&#x1F512',
  LOCOMOTIVE: '&#x1F682',
  MAGNIFYING_GLASS: '&#x1F50E',
  PERSON_STANDING: '&#x1F9CD',
  RAT: '&#x1F400',
  SATELLITE: '&#x1F4E1',
  SCREEN: '&#x1F5B5',
  SHIELD: '&#x1F6E1',
  SKULL: '&#x1F480',
  SKULL_CROSSBONE: '&#x2620',
  SLEEPING_FACE: '&#x1F634',
  SPARKLES: '&#x2728',
  SPIDER: '&#x1F577',
  UNLOCK: '&#x1F513',
  VALIDATE: '&#x2705',
  WASTEBASKET: '&#x1F5D1',
} as const

/** Name of an emoji. */
export type EmojiName = keyof typeof EMOJI_CODES

/** Emojis by their names in any case; those that there are not are left out. */
export function readEmojiNames(names: readonly string[]): readonly EmojiName[] {
  return names
    .map((name) => name.toUpperCase())
    .filter((name) => Object.hasOwn(EMOJI_CODES, name)) as EmojiName[]
}
