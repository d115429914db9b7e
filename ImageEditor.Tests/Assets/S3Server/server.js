// Serves S3 on a loopback port, checks signatures, and fails as a test asks it to.
// Usage: node server.js PORT FOLDER BUCKET. PUT /-/fault with { "method", "key", "kind", "times" } sets a fault, DELETE /-/fault takes it away.
const http = require('node:http')
const S3rver = require('@20minutes/s3rver')

const [port, directory, bucket] = process.argv.slice(2)
const s3 = new S3rver({ directory, silent: true, configureBuckets: [{ name: bucket }] })
let fault = null

function body(request) {
  return new Promise((resolve, reject) => {
    let text = ''
    request.on('data', (piece) => (text += piece))
    request.on('end', () => resolve(text))
    request.on('error', reject)
  })
}

async function control(request, response) {
  fault = request.method === 'PUT' ? JSON.parse(await body(request)) : null
  response.writeHead(204).end()
}

function takeFault(request) {
  if (!fault || fault.times === 0 || fault.method !== request.method || !request.url.includes(fault.key)) {
    return null
  }

  fault.times--
  return fault.kind
}

function error(request, response, status, code) {
  request.resume()
  response.writeHead(status, { 'Content-Type': 'application/xml' })
  response.end(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>As the test asked</Message></Error>`)
}

s3.configureBuckets().then(() => {
  const serve = s3.callback()
  http.createServer((request, response) => {
    if (request.url.startsWith('/-/')) {
      return control(request, response)
    }

    // The library lets requests without a signature pass; a real server does not.
    if (!request.headers.authorization) {
      return error(request, response, 403, 'AccessDenied')
    }

    switch (takeFault(request)) {
      case 'error': return error(request, response, 500, 'InternalError')
      case 'full': return error(request, response, 507, 'InsufficientStorage')
      case 'silent': return request.resume()
      case 'cut-request': return request.once('data', () => request.socket.destroy())
      case 'cut-response': {
        const write = response.write
        response.write = (piece, ...rest) => {
          const written = write.call(response, piece.subarray(0, piece.length / 2), ...rest)
          setImmediate(() => request.socket.destroy())
          return written
        }
        return serve(request, response)
      }
      default: return serve(request, response)
    }
  }).listen(Number(port), '127.0.0.1', () => console.log('listening'))
})
