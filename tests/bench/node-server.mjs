// The smallest server of the real SDK with one tool. node-server.mjs TEXT: it
// returns that. node-server.mjs --run BRIDGE: it runs `BRIDGE status --json`,
// as a server around the command would.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'

const [known, bridge] = process.argv.slice(2)
const server = new McpServer({ name: 'node', version: '1' })
server.registerTool('bridge_status', { description: 'nothing' }, async () => {
  const text = bridge ? (await promisify(execFile)(bridge, ['status', '--json'])).stdout : known
  return { content: [{ type: 'text', text }] }
})
await server.connect(new StdioServerTransport())
