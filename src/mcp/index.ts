/** Door of the room: the tools for agents, over standard input and output or over HTTP. */
export { type McpOverHttp, mcpRoute } from './route.ts'
export { mcpServer } from './server.ts'
