// The door of the room DID THIS PERSON SIGN THIS. Bytes in, verdicts out; it opens no file and asks no server.
export { type AuthenticatorData, readAuthenticatorData } from './authenticator-data.ts'
export { decodeBase64url, encodeBase64url } from './base64url.ts'
export { challengeOf, nonceBytes } from './challenge.ts'
export { type ClientData, readClientData } from './client-data.ts'
export { type Algorithm, coseAlgorithms, type PublicKey, readPublicKey } from './public-key.ts'
export { type SignatureProblem, type SignatureVerdict, verifyEvidence } from './verify.ts'
