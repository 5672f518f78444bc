export { parseSigmaDocuments } from './rule/parse-documents.ts'
