// shim.mjs PORT: streamable HTTP on 127.0.0.1 in front of `bridge mcp`, for a
// suite that speaks nothing else. A legacy session has a server of its own,
// modern requests share one. It carries messages and judges none; Origin and
// headers are a web server's business, and there is none in the product.
import http from 'node:http'
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { randomUUID } from 'node:crypto'

const sessions = new Map()

class Session {
  constructor(id) {
    this.id = id
    this.waiting = new Map() // by id: the response to write to
    this.streams = new Set() // of GET
    this.child = spawn(process.env.BUILD + '/bridge', ['mcp'], { stdio: ['pipe', 'pipe', 'inherit'] })
    createInterface({ input: this.child.stdout }).on('line', (line) => this.take(JSON.parse(line)))
  }

  take(message) {
    const meta = message.params?._meta ?? {}
    const stream = meta['io.modelcontextprotocol/subscriptionId']
    const to = message.method === undefined ? this.waiting.get(JSON.stringify(message.id))
      : stream !== undefined ? this.waiting.get(JSON.stringify(stream))
        : [...this.waiting.values()].find((w) => w.token !== undefined && w.token === message.params?.progressToken)
    if (to) {
      to.begin(message)
      to.write(`event: message\ndata: ${JSON.stringify(message)}\n\n`)
      if (message.method === undefined) {
        this.waiting.delete(JSON.stringify(message.id))
        to.end()
      }
    } else {
      for (const get of this.streams) get.write(`event: message\ndata: ${JSON.stringify(message)}\n\n`)
    }
  }

  ask(message, response) {
    if (message.id !== undefined && message.method !== undefined) {
      // The modern transport says in HTTP, too, that a request is refused.
      response.begin = (first) => {
        if (response.headersSent) return
        const code = this.id ? undefined : first?.error?.code
        response.writeHead(code === undefined ? 200 : code === -32601 ? 404 : 400,
          { 'content-type': 'text/event-stream', ...(this.id ? { 'mcp-session-id': this.id } : {}) })
      }
      response.token = message.params?._meta?.progressToken
      this.waiting.set(JSON.stringify(message.id), response)
      response.on('close', () => {
        if (!this.waiting.delete(JSON.stringify(message.id))) return
        this.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: message.id } })
      })
    } else {
      response.writeHead(202).end()
    }
    this.send(message)
  }

  send(message) {
    this.child.stdin.write(JSON.stringify(message) + '\n')
  }
}

const modern = new Session()

http.createServer(async (request, response) => {
  const id = request.headers['mcp-session-id']
  let body = ''
  for await (const chunk of request) body += chunk
  if (request.method === 'GET') {
    const session = sessions.get(id)
    if (!session) return response.writeHead(405).end()
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.flushHeaders()
    session.streams.add(response)
    response.on('close', () => session.streams.delete(response))
    return
  }
  if (request.method === 'DELETE') {
    sessions.get(id)?.child.stdin.end()
    sessions.delete(id)
    return response.writeHead(200).end()
  }
  const message = JSON.parse(body)
  if (message.method === 'initialize') {
    const session = new Session(randomUUID())
    sessions.set(session.id, session)
    return session.ask(message, response)
  }
  if (id && !sessions.has(id)) return response.writeHead(404).end()
  ;(sessions.get(id) ?? modern).ask(message, response)
}).listen(Number(process.argv[2]), '127.0.0.1')
