/**
 * A way to the server that can be cut: what a network does to a device. Passes bytes on untouched; `cut` breaks every
 * connection and refuses new ones, `mend` lets them through again.
 */
import { connect, createServer } from 'node:net';

export async function openProxy(target) {
  const { hostname, port } = new URL(target);
  const open = new Set();
  let broken = false;
  const server = createServer((device) => {
    if (broken) return device.destroy();
    const upstream = connect({ host: hostname, port: Number(port) });
    for (const socket of [device, upstream]) {
      open.add(socket);
      socket.on('close', () => open.delete(socket));
      socket.on('error', () => {});
    }
    device.pipe(upstream).pipe(device);
    device.on('close', () => upstream.destroy());
    upstream.on('close', () => device.destroy());
    return undefined;
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://localhost:${server.address().port}`,
    cut() {
      broken = true;
      for (const socket of open) socket.destroy();
    },
    mend() {
      broken = false;
    },
    close() {
      this.cut();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
