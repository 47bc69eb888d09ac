/**
 * Somebody was sent here to say whom they want to be: shows the list, takes the choice, and sends the browser back into the
 * flow. The choice itself is the whole sign-in, and it is always made now, so the token says when it was.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { errors, type Provider } from 'oidc-provider'
import type { Cast } from './cast.ts'
import { type Page, pageHeaders } from './page.ts'
import { choosePage, problemPage } from './pages.ts'

export type InteractionAnswer =
  | { readonly status: 200 | 400; readonly headers: Readonly<Record<string, string>>; readonly body: string }
  | { readonly status: 303; readonly location: string }

const formBytesMax = 8_192

/** @param find what to search for in the list */
export async function showChoice(
  provider: Provider,
  cast: Cast,
  request: IncomingMessage,
  response: ServerResponse,
  find: string,
): Promise<InteractionAnswer> {
  const details = await interactionOf(provider, request, response)
  if (details === undefined) return answer(400, gonePage())
  const client = await provider.Client.find(String(details.params.client_id))
  const redirect = URL.parse(String(details.params.redirect_uri ?? ''))?.origin
  const choice = {
    action: pathOf(request),
    clientName: client?.clientName ?? 'an unknown program',
    people: cast.people(),
    find,
    leadsTo: redirect,
  }
  return answer(200, choosePage(choice))
}

export async function takeChoice(
  provider: Provider,
  cast: Cast,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<InteractionAnswer> {
  const details = await interactionOf(provider, request, response)
  if (details === undefined) return answer(400, gonePage())
  const form = await formOf(request)
  if (form?.get('cancel') === 'yes') {
    const denied = { error: 'access_denied', error_description: 'the sign-in was cancelled' }
    return leadOn(await provider.interactionResult(request, response, denied, { mergeWithLastSubmission: false }))
  }
  const person = cast.person(form?.get('login') ?? '')
  if (person === undefined)
    return answer(400, problemPage('Nobody was chosen', ['Go back and choose somebody from the list.']))
  const login = { login: { accountId: person.login } }
  const returnTo = await provider.interactionResult(request, response, login, { mergeWithLastSubmission: false })
  await forgetOther(provider, details.session?.uid, person.login)
  return leadOn(returnTo)
}

/** The library would end the earlier session through a page that submits itself by script; here it just ends. */
async function forgetOther(provider: Provider, sessionUid: string | undefined, login: string): Promise<void> {
  const session = sessionUid === undefined ? undefined : await provider.Session.findByUid(sessionUid)
  if (session?.accountId === undefined || session.accountId === login) return
  delete session.accountId
  delete session.authorizations
  await session.persist()
}

async function interactionOf(provider: Provider, request: IncomingMessage, response: ServerResponse) {
  try {
    const details = await provider.interactionDetails(request, response)
    // The cookie is sent for this path only, and the path names the interaction: both must mean the same.
    return pathOf(request).endsWith(`/${details.uid}`) && details.prompt.name === 'login' ? details : undefined
  } catch (error) {
    if (error instanceof errors.SessionNotFound) return undefined
    throw error
  }
}

/** @returns undefined for anything that is no small form */
async function formOf(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  if (!/^application\/x-www-form-urlencoded(?:;|$)/.test(request.headers['content-type'] ?? '')) return undefined
  const chunks: Buffer[] = []
  let sizeBytes = 0
  for await (const chunk of request) {
    sizeBytes += chunk.length
    if (sizeBytes > formBytesMax) return undefined
    chunks.push(chunk)
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
}

function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? ''
}

function gonePage(): Page {
  return problemPage('This sign-in has ended', [
    'It took too long, or was finished elsewhere. Start again from the beginning.',
  ])
}

function answer(status: 200 | 400, { body, policy }: Page): InteractionAnswer {
  const headers = { ...pageHeaders, 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy }
  return { status, headers, body }
}

function leadOn(location: string): InteractionAnswer {
  return { status: 303, location }
}
