/** Contents that are too large for one text. */
export { countIn, isRoot, type Large, partsVersion, type Root } from './form.ts'
export { gather, namesBelow, PartMissing, PartWrong, type ReadContents } from './gather.ts'
export { type Content, digestOfLarge, grow } from './grow.ts'
