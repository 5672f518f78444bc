/**
 * A process for the crash test: imports three batches at a time into one index, for ever, and prints the number of each
 * import once its commit has been acknowledged. Not part of the product.
 */
import { makeBatch } from '../../../contract/make-batch.ts'
import { openDuckDbStore } from '../open-store.ts'

const [directory, index, first, rowsPerBatch] = process.argv.slice(2)
if (!directory || !index) throw new Error('directory and index expected')
await using store = await openDuckDbStore({ directory })
await store.createIndex(index)
process.stdout.write('ready\n')
for (let number = Number(first); ; number++) {
  const transaction = await store.beginImport({
    index,
    timelineId: 1,
    importId: number.toString(16).padStart(32, '0'),
    profile: { aliases: {}, constants: {} },
    skipKnownRows: false,
  })
  for (let batch = 0; batch < 3; batch++) {
    const rows = Array.from({ length: Number(rowsPerBatch) }, (_, row) => ({
      import: number,
      batch,
      row,
      message: `import ${number} batch ${batch} row ${row}`,
      [`field${number % 40}`]: 'x'.repeat(row % 300),
    }))
    await transaction.append(makeBatch(rows))
  }
  await transaction.commit()
  process.stdout.write(`${number}\n`)
}
