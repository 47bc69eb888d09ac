/**
 * Which page is at which address? Every page is a file of its own that is loaded when somebody goes there. A new page: its
 * folder, a line here, and a line in `shell/places.ts` if it belongs into the navigation.
 */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { asksAboutTwo, looksForNodes } from '../directory/looking.ts'
import { looksForRecords } from '../log/looking.ts'
import { type Weeks, weeksOffered } from '../on-call/weeks.ts'
import { type Days, daysOffered } from '../oversight/days.ts'
import { LostPage } from '../shell/lost-page.tsx'
import { Shell } from '../shell/shell.tsx'
import { isShow, type Show } from '../waivers/filters.ts'

const root = createRootRoute({ component: Shell, notFoundComponent: LostPage })

const inbox = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('../inbox/inbox-page.tsx'), 'InboxPage'),
})

const waiver = createRoute({
  getParentRoute: () => root,
  path: '/waivers/$waiver',
  component: lazyRouteComponent(() => import('../waiver/waiver-page.tsx'), 'WaiverPage'),
})

const waivers = createRoute({
  getParentRoute: () => root,
  path: '/waivers',
  validateSearch: ({ show }): { readonly show?: Show } => (isShow(show) ? { show } : {}),
  component: lazyRouteComponent(() => import('../waivers/waivers-page.tsx'), 'WaiversPage'),
})

const ask = createRoute({
  getParentRoute: () => root,
  path: '/ask',
  validateSearch: ({ like }): { readonly like?: string } =>
    typeof like === 'string' && /^wvr_[0-9a-z]{26}$/.test(like) ? { like } : {},
  component: lazyRouteComponent(() => import('../ask/ask-page.tsx'), 'AskPage'),
})

const log = createRoute({
  getParentRoute: () => root,
  path: '/log',
  validateSearch: looksForRecords,
  component: lazyRouteComponent(() => import('../log/log-page.tsx'), 'LogPage'),
})

const proof = createRoute({
  getParentRoute: () => root,
  // Below it the log itself is served, as files.
  path: '/records/$position',
  component: lazyRouteComponent(() => import('../log/proof-page.tsx'), 'ProofPage'),
})

const oversight = createRoute({
  getParentRoute: () => root,
  path: '/oversight',
  validateSearch: ({ days }): { readonly days?: Days } => {
    const found = daysOffered.find((one) => one === Number(days))
    return found === undefined ? {} : { days: found }
  },
  component: lazyRouteComponent(() => import('../oversight/oversight-page.tsx'), 'OversightPage'),
})

const onCall = createRoute({
  getParentRoute: () => root,
  path: '/on-call',
  validateSearch: ({ group, weeks }): { readonly group?: string; readonly weeks?: Weeks } => {
    const found = weeksOffered.find((one) => one === Number(weeks))
    return {
      ...(typeof group === 'string' && /^(?:team|rota|wl)_/.test(group) ? { group } : {}),
      ...(found === undefined ? {} : { weeks: found }),
    }
  },
  component: lazyRouteComponent(() => import('../on-call/on-call-page.tsx'), 'OnCallPage'),
})

const passkeys = createRoute({
  getParentRoute: () => root,
  path: '/passkeys',
  component: lazyRouteComponent(() => import('../passkeys/passkeys-page.tsx'), 'PasskeysPage'),
})

const sign = createRoute({
  getParentRoute: () => root,
  path: '/sign/$challenge',
  component: lazyRouteComponent(() => import('../passkeys/sign-page.tsx'), 'SignPage'),
})

const directory = createRoute({
  getParentRoute: () => root,
  path: '/directory',
  validateSearch: looksForNodes,
  component: lazyRouteComponent(() => import('../directory/directory-page.tsx'), 'DirectoryPage'),
})

const node = createRoute({
  getParentRoute: () => root,
  path: '/directory/$node',
  component: lazyRouteComponent(() => import('../directory/node-page.tsx'), 'NodePage'),
})

const two = createRoute({
  getParentRoute: () => root,
  path: '/directory/between',
  validateSearch: asksAboutTwo,
  component: lazyRouteComponent(() => import('../directory/two-page.tsx'), 'TwoPage'),
})

const policy = createRoute({
  getParentRoute: () => root,
  path: '/policy',
  component: lazyRouteComponent(() => import('../policy/policy-page.tsx'), 'PolicyPage'),
})

const propose = createRoute({
  getParentRoute: () => root,
  path: '/policy/propose',
  component: lazyRouteComponent(() => import('../policy/propose-page.tsx'), 'ProposePage'),
})

const change = createRoute({
  getParentRoute: () => root,
  path: '/policy/$change',
  component: lazyRouteComponent(() => import('../policy/change-page.tsx'), 'ChangePage'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    inbox,
    waivers,
    waiver,
    ask,
    onCall,
    directory,
    two,
    node,
    policy,
    propose,
    change,
    log,
    proof,
    passkeys,
    sign,
    oversight,
  ]),
  defaultPreload: 'intent',
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
