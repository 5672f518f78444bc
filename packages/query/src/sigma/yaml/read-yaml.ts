import { readAnyYaml } from './read-any-yaml.ts'
import { readPlainYaml } from './read-plain-yaml.ts'
import type { YamlDocument } from './yaml-node.ts'

/** Reads the documents of a YAML file: quickly where it is written as rules are, by the YAML library where it is not. */
export function readYaml(text: string): readonly YamlDocument[] {
  return readPlainYaml(text) ?? readAnyYaml(text)
}
