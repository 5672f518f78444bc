import type { TemplateInstance } from './template-instance.ts'

/** What binary XML says, before values are put in for slots. */

/** Literal text, or a place that a value of the instance takes. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'slot'; readonly index: number }

/** One thing in an element, or at the top of a fragment. */
export type Node =
  | Part
  | { readonly kind: 'element'; readonly element: ElementNode }
  | { readonly kind: 'instruction'; readonly target: string; readonly data: string }
  | { readonly kind: 'instance'; readonly instance: TemplateInstance }

/** An attribute; several parts are one text. */
export interface AttributeNode {
  readonly name: string
  readonly parts: Part[]
}

/** An element as it is written. */
export interface ElementNode {
  readonly name: string
  /** The element is left out when the value of this index is null; -1 for none. */
  readonly dependency: number
  readonly attributes: AttributeNode[]
  readonly content: Node[]
}
