/**
 * Which page does the device flow show when, and what does it say of a code that is no good? The library hands over its own
 * markup; ours is made anew, because the library's relies on scripts.
 */
import type { Configuration, KoaContextWithOIDC } from 'oidc-provider'
import type { Page } from './page.ts'
import { confirmCodePage, donePage, enterCodePage } from './pages.ts'

type DeviceFlow = NonNullable<NonNullable<Configuration['features']>['deviceFlow']>

export const deviceFlow: DeviceFlow = {
  enabled: true,
  userCodeInputSource: async (context, _form, _out, error) => {
    const problem = error === undefined ? undefined : codeProblem(error)
    show(context, enterCodePage(codeAddress(context), xsrfOf(context), '', problem))
  },
  userCodeConfirmSource: async (context, _form, client, _device, userCode) => {
    const name = client.clientName ?? client.clientId
    show(context, confirmCodePage(codeAddress(context), xsrfOf(context), userCode, name))
  },
  successSource: async (context) => show(context, donePage()),
}

/** The library answers an address with a code in it by a page that submits itself; ours waits for a person. */
export async function withoutScript(context: KoaContextWithOIDC): Promise<void> {
  if (context.method !== 'GET' || context.oidc?.route !== 'code_verification') return
  const code = context.oidc.params?.user_code
  if (typeof code === 'string') show(context, enterCodePage(codeAddress(context), xsrfOf(context), code, undefined))
}

function codeProblem(error: Error): string {
  switch (error.name) {
    case 'NoCodeError':
      return 'Type the code that the command line shows.'
    case 'NotFoundError':
      return 'There is no such code; compare it with the command line.'
    case 'ExpiredError':
      return 'This code has expired; start again in the command line.'
    case 'AlreadyUsedError':
      return 'This code was used before; start again in the command line.'
    case 'AbortedError':
      return 'This sign-in was cancelled.'
    default:
      return 'This did not work; start again in the command line.'
  }
}

function codeAddress({ oidc }: KoaContextWithOIDC): string {
  return oidc.urlFor('code_verification')
}

function xsrfOf({ oidc }: KoaContextWithOIDC): string {
  const secret = oidc.session?.state?.secret
  return typeof secret === 'string' ? secret : ''
}

export function show(context: Pick<KoaContextWithOIDC, 'type' | 'set' | 'body'>, { body, policy }: Page): void {
  context.type = 'html'
  context.set('content-security-policy', policy)
  context.body = body
}
