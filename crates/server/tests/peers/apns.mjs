// Apple's push service, as its documentation describes the wire: HTTP/2 only. Prints its port, then each request as a line of
// JSON. A device token decides the answer: it begins with the status, 410… is Unregistered, 400… BadDeviceToken.
import { createServer } from "node:http2";

const reasons = { 410: "Unregistered", 400: "BadDeviceToken", 429: "TooManyRequests", 503: "ServiceUnavailable" };
const server = createServer();
server.on("stream", (stream, headers) => {
  let body = "";
  stream.on("data", (chunk) => (body += chunk));
  stream.on("end", () => {
    const token = headers[":path"].split("/").pop();
    const status = Number(token.slice(0, 3)) in reasons ? Number(token.slice(0, 3)) : 200;
    process.stdout.write(`${JSON.stringify({ headers, body: JSON.parse(body) })}\n`);
    stream.respond({ ":status": status, "apns-id": headers["apns-id"] });
    stream.end(status === 200 ? undefined : JSON.stringify({ reason: reasons[status] }));
  });
});
server.listen(0, "127.0.0.1", () => process.stdout.write(`${server.address().port}\n`));
