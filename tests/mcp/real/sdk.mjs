// The SDK, 1.x: up to 2025-11-25.
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js'
import assert from 'node:assert/strict'
import { job, server } from './job.mjs'

const client = new Client({ name: 'test', version: '1' })
await client.connect(new StdioClientTransport(server))
assert.equal(client.getServerVersion().name, 'bridge')
await client.ping()
await job(client, async (uri, heard) => {
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, (n) => { if (n.params.uri === uri) heard() })
  await client.subscribeResource({ uri })
})
