// An agent at the far end of a bridge: it listens to a streamed answer through
// the remote port ($URL), while the bridge's ssh is killed again and again in
// the middle of it. $LOCAL_URL is the server itself, $BRIDGE the bridge's name.
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { LoggingMessageNotificationSchema } from '@modelcontextprotocol/sdk/types.js'
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'

const ROUNDS = 4
const NUMBERS = 5

const status = () => JSON.parse(execFileSync(process.env.BUILD + '/bridge',
  ['status', process.env.BRIDGE, '--json'], { encoding: 'utf8' })).bridges[0]

const client = new Client({ name: 'far-end', version: '1' })
const transport = new StreamableHTTPClientTransport(new URL(process.env.URL + 'mcp'), {
  reconnectionOptions: { initialReconnectionDelay: 200, reconnectionDelayGrowFactor: 1.5,
    maxReconnectionDelay: 1000, maxRetries: 100 } })
let losses = 0
client.onerror = () => { losses++ }
await client.connect(transport)

const heard = []
let wake = () => {}
client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => { heard.push(params.data); wake() })
const answer = client.callTool({ name: 'count', arguments: {} }, undefined, { timeout: 100000 })

const killed = []
for (let round = 1; round < ROUNDS; round++) {
  while (heard.length < round * NUMBERS) await new Promise((yes) => { wake = yes })
  const before = losses
  killed.push(status().pid)
  process.kill(killed.at(-1), 'SIGKILL')
  await fetch(process.env.LOCAL_URL + 'go', { method: 'POST' })
  while (losses === before) await new Promise((yes) => { client.onerror = () => { losses++; yes() } })
}
assert.equal((await answer).content[0].text, 'counted')
// Nothing is lost, nothing comes twice.
assert.deepEqual(heard, Array.from({ length: ROUNDS * NUMBERS }, (_, i) => i + 1))
assert.equal(new Set(killed).size, ROUNDS - 1)

// The same session goes on.
assert.equal((await client.listTools()).tools[0].name, 'count')
assert.equal(status().state, 'connected')
await client.close()
