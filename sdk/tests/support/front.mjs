/**
 * An application's own server: its pages under a strict content-security policy, and everything else handed on to
 * Frontdesk, so that the browser sees one origin.
 */
import { createServer, request } from 'node:http';
import { connect } from 'node:net';

const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'";

/** `pages` maps paths to [content type, body] and may change while it runs. */
export async function openFront(target) {
  const { hostname: host, port } = new URL(target);
  const pages = new Map();
  const server = createServer((asked, answer) => {
    const page = pages.get(asked.url);
    if (page) return answer.writeHead(200, { 'content-type': page[0], 'content-security-policy': POLICY }).end(page[1]);
    const onward = request({ host, port, path: asked.url, method: asked.method, headers: asked.headers }, (reply) => {
      answer.writeHead(reply.statusCode, reply.headers);
      reply.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    asked.pipe(onward);
    return undefined;
  });
  const sockets = new Set();
  server.on('connection', (socket) => sockets.add(socket.on('close', () => sockets.delete(socket))));
  server.on('upgrade', (asked, device, head) => {
    const upstream = connect({ host, port: Number(port) }, () => {
      const headers = asked.rawHeaders.map((part, index) => part + (index % 2 ? '\r\n' : ': ')).join('');
      upstream.write(`${asked.method} ${asked.url} HTTP/1.1\r\n${headers}\r\n`);
      upstream.write(head);
      device.pipe(upstream).pipe(device);
    });
    for (const [one, other] of [[device, upstream], [upstream, device]]) one.on('error', () => {}).on('close', () => other.destroy());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://localhost:${server.address().port}`,
    pages,
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
