/** Options of a reading as the sentences of readers and server name them, which know no command line. */
const OPTION = /\boption "(map|encoding|year|day-first|allow-private)"/g

/** A sentence with the flags of the command in place of the options that it names. */
export function nameFlags(sentence: string): string {
  return sentence.replace(OPTION, '--$1')
}
