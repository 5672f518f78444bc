import { readJsonText, toTexts, type WireRecord } from './record.ts'

/** Labels of an object, which the server keeps as JSON in a text. */
export function readLabels(record: WireRecord): readonly string[] {
  return toTexts(readJsonText(record, 'label_string'))
}
