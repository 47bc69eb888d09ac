// Signing in from the command line. Knows issuers and the person's own machine, nothing of Countersign's server rooms.
export { type SignInByBrowser, signInByBrowser } from './browser.ts'
export { type DevicePrompt, type SignInByDevice, signInByDevice } from './device.ts'
export type { SignedIn, SignInAt } from './issuer.ts'
export { type OpenBrowserOptions, openBrowser } from './open-browser.ts'
export { SignInError, type SignInErrorCode } from './sign-in-error.ts'
export {
  configurationFolder,
  type KeptSignIn,
  type StoredSignIn,
  type StoreKey,
  type TokenStore,
  tokenStore,
} from './token-store.ts'
