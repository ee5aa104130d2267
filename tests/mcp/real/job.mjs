// The main job, through a client of whoever's making: targets are listed, a
// bridge of the catalog is brought up on a real sshd, seen, its ssh killed and
// heard of, its log read, and it is taken down.
import assert from 'node:assert/strict'

export const server = { command: process.env.BUILD + '/bridge', args: ['mcp'], env: { ...process.env } }

const within = (promise, what) => Promise.race([promise, new Promise((_, no) =>
  setTimeout(() => no(new Error('waited in vain for ' + what)), 20000).unref())])

// listen(uri, heard): from now on heard() is called when it has changed.
export async function job(client, listen) {
  const call = async (name, args) => {
    const result = await client.callTool({ name, arguments: args ?? {} })
    assert.notEqual(result.isError, true, JSON.stringify(result))
    return result.structuredContent
  }
  const { tools } = await client.listTools()
  assert.equal(tools.length, 10)
  assert.deepEqual((await call('catalog_list_targets')).targets.map((t) => t.id), ['gateway'])
  assert.equal((await call('catalog_validate')).valid, true)

  let wake = () => {}
  let changes = 0
  await listen('bridge://status/hub', () => { changes++; wake() })
  assert.equal((await call('bridge_up', { bridges: ['hub'] })).bridges[0].state, 'connected')
  const status = async () => (await call('bridge_status', { bridges: ['hub'] })).bridges[0]
  while (changes === 0) await within(new Promise((yes) => { wake = yes }), 'the first update')
  assert.equal(await (await fetch(process.env.URL)).text(), 'hello')

  const before = changes
  process.kill((await status()).pid, 'SIGKILL')
  while (changes === before) await within(new Promise((yes) => { wake = yes }), 'an update')
  let now
  while ((now = await status()).state !== 'connected')
    await within(new Promise((yes) => { wake = yes }), 'the bridge to be back')
  const { events } = await call('bridge_logs', { bridge: 'hub' })
  assert(events.some((e) => e.event === 'bridge_disconnected'))

  const { contents } = await client.readResource({ uri: 'bridge://status/hub' })
  assert.equal(JSON.parse(contents[0].text).bridges[0].name, 'hub')
  assert.equal((await client.listResources()).resources.length, 3)
  assert.equal((await client.listResourceTemplates()).resourceTemplates.length, 3)
  assert.equal((await client.getPrompt({ name: 'bridge-status' })).messages.length, 1)
  const { completion } = await client.complete({
    ref: { type: 'ref/resource', uri: 'bridge://status/{bridge}' }, argument: { name: 'bridge', value: 'h' } })
  assert.deepEqual(completion.values, ['hub'])

  const wrong = await client.callTool({ name: 'bridge_up', arguments: { bridges: ['hubb'] } })
  assert.equal(wrong.isError, true)
  assert.deepEqual(wrong.structuredContent.error.candidates, ['hub'])
  assert.equal((await call('bridge_down', { bridges: ['hub'] })).bridges[0].was_up, true)
  await client.close()
}
