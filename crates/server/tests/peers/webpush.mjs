// A browser, as far as Web Push is concerned, on http_ece (the implementation that other libraries are checked with).
//   node webpush.mjs subscribe                      prints a subscription's keys and the private key, as JSON
//   node webpush.mjs open  < {privateKey, auth, body, authorization}   prints the message and the VAPID claims; fails if either is wrong
import { createECDH, createPublicKey, randomBytes, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import ece from "http_ece";

const text = (bytes) => Buffer.from(bytes).toString("base64url");
const bytes = (text) => Buffer.from(text, "base64url");

function subscribe() {
  const pair = createECDH("prime256v1");
  pair.generateKeys();
  return { privateKey: text(pair.getPrivateKey()), p256dh: text(pair.getPublicKey()), auth: text(randomBytes(16)) };
}

// RFC 8292: the JWT is signed by the key that stands beside it.
function vapid(authorization) {
  const [, token, key] = /^vapid t=([^,]+), ?k=(.+)$/.exec(authorization);
  const [header, claims, signature] = token.split(".");
  const point = bytes(key);
  const jwk = { kty: "EC", crv: "P-256", x: text(point.subarray(1, 33)), y: text(point.subarray(33)) };
  const right = verify(
    "sha256",
    Buffer.from(`${header}.${claims}`),
    { key: createPublicKey({ key: jwk, format: "jwk" }), dsaEncoding: "ieee-p1363" },
    bytes(signature),
  );
  if (!right) throw new Error("the VAPID signature is wrong");
  return { key, ...JSON.parse(bytes(header)), ...JSON.parse(bytes(claims)) };
}

function open({ privateKey, auth, body, authorization }) {
  const pair = createECDH("prime256v1");
  pair.setPrivateKey(bytes(privateKey));
  const message = ece.decrypt(bytes(body), { version: "aes128gcm", privateKey: pair, authSecret: auth });
  return { message: JSON.parse(message.toString()), vapid: vapid(authorization) };
}

const answer = process.argv[2] === "subscribe" ? subscribe() : open(JSON.parse(readFileSync(0, "utf8")));
process.stdout.write(JSON.stringify(answer));
