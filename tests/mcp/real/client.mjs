// The client, 2.x: client.mjs legacy|auto|2026-07-28
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import assert from 'node:assert/strict'
import { job, server } from './job.mjs'

const wanted = process.argv[2]
const mode = wanted === 'legacy' || wanted === 'auto' ? wanted : { pin: wanted }
const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } })
await client.connect(new StdioClientTransport(server))
const version = client.getNegotiatedProtocolVersion()
assert.equal(version, wanted === 'legacy' ? '2025-11-25' : '2026-07-28')
await job(client, async (uri, heard) => {
  client.setNotificationHandler('notifications/resources/updated', (n) => { if (n.params.uri === uri) heard() })
  if (wanted === 'legacy') await client.subscribeResource({ uri })
  else await client.listen({ resourceSubscriptions: [uri] })
})
