// stream_server.mjs PORT: an MCP server over streamable HTTP, as there are many
// behind bridges. Its tool `count` answers in a stream, a number a message: as
// many as it is let go on for, by POST /go from this machine, and what it says
// at the end. Streams can be resumed.
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import http from 'node:http'
import { randomUUID } from 'node:crypto'

const ROUNDS = 4
const NUMBERS = 5 // in a round

let going = 0
let wake = () => {}
const allowed = async (round) => {
  while (going < round) await new Promise((yes) => { wake = yes })
}

// The SDK's example of a store orders what comes in one millisecond by chance.
const events = []
const eventStore = {
  async storeEvent(stream, message) { return String(events.push({ stream, message })) },
  async replayEventsAfter(last, { send }) {
    const { stream } = events[last - 1]
    for (let i = Number(last); i < events.length; i++)
      if (events[i].stream === stream && events[i].message.jsonrpc) await send(String(i + 1), events[i].message)
    return stream
  }
}

const server = new McpServer({ name: 'counter', version: '1' }, { capabilities: { logging: {} } })
server.registerTool('count', { description: 'Count in a stream' }, async ({ sendNotification }) => {
  for (let round = 0; round < ROUNDS; round++) {
    await allowed(round)
    for (let i = 1; i <= NUMBERS; i++) {
      const data = round * NUMBERS + i
      await sendNotification({ method: 'notifications/message', params: { level: 'info', data } })
    }
  }
  return { content: [{ type: 'text', text: 'counted' }] }
})
const transport = new StreamableHTTPServerTransport({
  sessionIdGenerator: randomUUID, eventStore })
await server.connect(transport)

http.createServer((request, response) => {
  if (request.url !== '/go') return transport.handleRequest(request, response)
  going++
  wake()
  response.end()
}).listen(Number(process.argv[2]), '127.0.0.1')
