/** Door of the room: another server's tools, each call checked against live waivers. */
export { type GatewayConfig, gatewaySchema, readGatewayConfig } from './config.ts'
export { gatewayServer } from './gateway.ts'
export { toolDigest } from './pin.ts'
export { type Behind, connectUpstream, type Upstream } from './upstream.ts'
