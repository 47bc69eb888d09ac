// The door of the log room: how we prove it. Merkle tree, checkpoints, cosignatures, tiles and their verification, as
// bytes in and verdicts out. It knows no waiver, reads no clock, opens no file or socket, and runs in a browser as well.

export { decodeBase64, encodeBase64 } from './base64.ts'
export { type Checkpoint, formatCheckpoint, parseCheckpoint } from './checkpoint.ts'
export { type ConsistencyClaim, checkConsistency, proveConsistency, verifyConsistency } from './consistency.ts'
export { cosign, cosignatureMessage } from './cosignature.ts'
export type { Sign } from './ed25519.ts'
export { decodeEntries, ENTRY_BYTES_MAX, encodeEntries } from './entries.ts'
export { Frontier } from './frontier.ts'
export { type InclusionPath, proveInclusion, rootFromInclusion, verifyInclusion } from './inclusion.ts'
export {
  formatSigningKey,
  formatVerifierKey,
  KEY_TYPE,
  type KeyType,
  keyLabel,
  makeSigner,
  makeVerifierKey,
  parseSigningKey,
  parseVerifierKey,
  type Signer,
  type VerifierKey,
} from './key.ts'
export { MalformedInput, type MalformedReason } from './malformed.ts'
export {
  addSignature,
  formatNote,
  formatSignatureLines,
  isFrom,
  type Note,
  type NoteSignature,
  type NoteVerdict,
  parseNote,
  parseSignatureLines,
  signNote,
  verifyNote,
} from './note.ts'
export { formatProof, parseProof, type RecordProof } from './proof.ts'
export { type Quorum, type QuorumVerdict, verifyQuorum, type WitnessVote } from './quorum.ts'
export { type Hash, sameBytes, sha256 } from './sha256.ts'
export {
  bundlePath,
  bundlesBetween,
  type EntryBundle,
  parseTilePath,
  TILE_HEIGHT,
  TILE_WIDTH,
  type Tile,
  type TilePath,
  type TileReader,
  tileAt,
  tilePath,
  tilesBetween,
} from './tile.ts'
export { type Growth, growTiles, type WrittenTile } from './tile-growth.ts'
export { tileHashReader } from './tile-hash-reader.ts'
export { emptyRoot, type HashReader, leafHash, nodeHash, type TreeHead, type TreeNode, treeHash } from './tree.ts'
export {
  type Batches,
  type LogClaim,
  type LogFault,
  type LogLeaves,
  type LogVerdict,
  type Place,
  verifyLog,
} from './verify-log.ts'
export {
  type LogTrust,
  type Outcome,
  type ProofClaim,
  type ProofStep,
  type ProofVerdict,
  type StepName,
  verifyProof,
} from './verify-proof.ts'
export {
  type AddCheckpoint,
  decideCosignature,
  formatAddCheckpoint,
  formatTreeSize,
  parseAddCheckpoint,
  parseTreeSize,
  type WitnessAnswer,
  type WitnessState,
} from './witness.ts'
