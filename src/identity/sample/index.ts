// The door of the sample provider: a local stand-in for an identity provider, for the demo and for tests only.

export { type ScriptedBrowser, scriptedBrowser } from './browser.ts'
export type { SamplePerson, SampleWorkload } from './cast.ts'
export { sampleClients, sampleIssuer } from './clients.ts'
export { refusalOf, requireLocalUrl } from './guard.ts'
export { requireSampleFolder, SampleRefused, sampleMarkerFile } from './marker.ts'
export { mountSampleProvider, type SampleProvider, type SampleProviderOptions } from './mount.ts'
export { samplePath } from './provider.ts'
export { approveDeviceAs, type SignInAsOptions, signInAs, signInWorkload } from './scripted.ts'
