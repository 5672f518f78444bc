import type { Scalar } from '../binxml/decode-value.ts'

/** One thing in an element. Texts that are next to one another are one text. */
export type XmlNode =
  | { readonly kind: 'value'; readonly value: Scalar }
  | { readonly kind: 'element'; readonly element: XmlElement }
  | { readonly kind: 'instruction'; readonly target: string; readonly data: string }

/** An element of an event as Windows shows it: values in their places, nothing left open. */
export interface XmlElement {
  readonly name: string
  /** Those with a value, in the order of the event. */
  readonly attributes: readonly (readonly [name: string, value: Scalar])[]
  readonly content: readonly XmlNode[]
}
