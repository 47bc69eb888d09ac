/** Door of the part: issuers that speak about workloads. */
export {
  ciProviders,
  type WorkloadTrust,
  type WorkloadTrustInput,
  workloadTrustKinds,
  workloadTrustSchema,
} from './config.ts'
export { type WorkloadReading, workloadReading } from './reading.ts'
export { trustDomainIn } from './spiffe.ts'
