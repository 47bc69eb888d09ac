/**
 * Who is this installation to the browsers of its people? The host of its one public address: a passkey enrolled there is
 * of no use anywhere else, and one enrolled elsewhere is of none here.
 */

export interface RelyingParty {
  readonly id: string
  readonly name: string
  readonly origins: readonly string[]
  readonly isSample: boolean
}

/** @param isSample only where the sample's marker was found */
export function relyingPartyOf(publicUrl: string, isSample = false): RelyingParty {
  const { hostname, origin } = new URL(publicUrl)
  return { id: hostname, name: 'Countersign', origins: [origin], isSample }
}
