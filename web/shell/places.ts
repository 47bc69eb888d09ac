/** What the navigation leads to, in order. */
export interface Place {
  readonly to: string
  readonly name: string
  /** Pressed after `g`, anywhere. */
  readonly key: string
}

export const places: readonly Place[] = [
  { to: '/', name: 'Inbox', key: 'i' },
  { to: '/waivers', name: 'Waivers', key: 'w' },
  { to: '/ask', name: 'Ask', key: 'a' },
  { to: '/on-call', name: 'On call', key: 'c' },
  { to: '/oversight', name: 'Oversight', key: 'o' },
  { to: '/directory', name: 'Directory', key: 'd' },
  { to: '/policy', name: 'Policy', key: 'p' },
  { to: '/log', name: 'Log', key: 'l' },
]
