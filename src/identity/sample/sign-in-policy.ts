// When is somebody asked whom they want to be, and what may the program then have? Always when a program on this machine
// asks, which covers every decision; consent is never asked for, because all programs are our own.
import { interactionPolicy, type KoaContextWithOIDC, type Provider } from 'oidc-provider'

const { Check, base } = interactionPolicy

/** Consent is not asked for, the clients are our own. Whoever may decide, or asks from elsewhere, chooses anew each time. */
export function signInPolicy(): interactionPolicy.DefaultPolicy {
  const policy = base()
  policy.remove('consent')
  const login = policy.get('login')
  login?.checks.add(
    new Check('native_client', 'programs on this machine ask anew each time', 'login_required', ({ oidc }) => {
      return oidc.client?.applicationType === 'native' && oidc.result?.login === undefined
    }),
  )
  login?.checks.add(
    new Check('person_gone', 'this person is not in the sample organisation any more', 'login_required', ({ oidc }) => {
      return oidc.session?.accountId !== undefined && oidc.account === undefined
    }),
  )
  return policy
}

/** What the program may have: the earlier grant of the same person, or a new one. */
export async function grantOf(provider: Provider, { oidc }: KoaContextWithOIDC, audience: string) {
  const { client, session } = oidc
  if (client === undefined || session?.accountId === undefined) return undefined
  const known = session.grantIdFor(client.clientId)
  const before = known === undefined ? undefined : await provider.Grant.find(known)
  if (before !== undefined && before.accountId === session.accountId) return before
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId })
  grant.addOIDCScope('openid')
  grant.addOIDCClaims(['name'])
  grant.addResourceScope(audience, '')
  await grant.save()
  return grant
}
