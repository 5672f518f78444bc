import type { ElementNode, Node } from '../binxml/nodes.ts'

/** Characters of a signature; a template that needs more is planned anew in each chunk. */
const MAX_SIGNATURE_LENGTH = 16_384

/**
 * Writes down all that a template says, so that equal texts are equal templates: those of other chunks have their names at other
 * places, and a GUID proves nothing.
 *
 * @returns Undefined when it would be too long to be kept.
 */
export function signTemplate(root: ElementNode): string | undefined {
  const signer = new Signer()
  return signer.addElement(root) ? signer.text : undefined
}

class Signer {
  text = ''

  addElement({ name, dependency, attributes, content }: ElementNode): boolean {
    this.#addText(`e${dependency},${attributes.length},${content.length}`, name)
    if (this.text.length > MAX_SIGNATURE_LENGTH) return false
    for (const attribute of attributes) {
      this.#addText(`a${attribute.parts.length}`, attribute.name)
      if (!attribute.parts.every((part) => this.#addNode(part))) return false
    }
    return content.every((node) => this.#addNode(node))
  }

  #addNode(node: Node): boolean {
    if (node.kind === 'element') return this.addElement(node.element)
    if (node.kind === 'slot') this.text += `s${node.index};`
    else if (node.kind === 'text') this.#addText('t', node.text)
    else if (node.kind === 'instruction') {
      this.#addText('i', node.target)
      this.#addText('d', node.data)
    } else return false
    return this.text.length <= MAX_SIGNATURE_LENGTH
  }

  /** Its length goes in front: no text can look like what follows it. */
  #addText(kind: string, text: string): void {
    this.text += `${kind}:${text.length}:${text}`
  }
}
