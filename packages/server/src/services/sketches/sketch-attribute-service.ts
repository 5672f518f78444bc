import type { Principal } from '../../auth/principal.ts'

/** A fact about a sketch: a name, a kind (ontology) and values, kept as text as their kind writes them. */
export interface SketchAttribute {
  readonly name: string
  readonly ontology: string
  readonly values: readonly string[]
  readonly userId: number
}

/** Facts about sketches. */
export interface SketchAttributeService {
  /** Needs read. */
  list(principal: Principal, sketchId: number): Promise<readonly SketchAttribute[]>
  /** Needs write; the same name and ontology: values are replaced. */
  set(
    principal: Principal,
    sketchId: number,
    input: { name: string; ontology: string; values: readonly string[] },
  ): Promise<{ created: boolean }>
  /** Needs write. Returns false when there was none. */
  delete(principal: Principal, sketchId: number, name: string, ontology: string): Promise<boolean>
}
