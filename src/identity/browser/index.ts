// The door to sessions of browsers: who is behind one, signing in and signing out.
export {
  type BrowserCall,
  type BrowserOptions,
  type Browsers,
  browsersOf,
  type Lead,
  type OpenSession,
} from './browser.ts'
export type { Cookie } from './cookies.ts'
export type { SignInProblem, Wanted } from './sign-in.ts'
