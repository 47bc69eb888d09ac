/** Where may somebody be led after signing in? To a page of ours and nowhere else, whatever the address asked for. */

const ours = /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/
/** Leading there again would go round in circles, or act. */
const notPages = /^\/(?:sign-in|callback|session|v1|sample-idp)(?:[/?#]|$)/

/** @returns the path if it is one of ours, `/` otherwise. */
export function returnPath(asked: string | undefined, publicUrl: string): string {
  if (asked === undefined || asked.length > 2_000 || !ours.test(asked) || notPages.test(asked)) return '/'
  const led = URL.parse(asked, publicUrl)
  return led !== null && led.origin === new URL(publicUrl).origin ? led.pathname + led.search : '/'
}
