// npm web-push preparing messages on one core: encryption and VAPID, as its sendNotification does before it connects.
//   node webpush-bench.mjs <messages>      prints the microseconds of processor time for each
import { createECDH, randomBytes } from "node:crypto";
import webpush from "web-push";

const count = Number(process.argv[2]);
const browser = createECDH("prime256v1");
browser.generateKeys();
const subscription = {
  endpoint: "https://push.example.test/send/1",
  keys: { p256dh: browser.getPublicKey("base64url"), auth: randomBytes(16).toString("base64url") },
};
const vapid = webpush.generateVAPIDKeys();
webpush.setVapidDetails("mailto:desk@example.test", vapid.publicKey, vapid.privateKey);
const payload = JSON.stringify({ title: "Snow", body: "School is closed. ".repeat(10) });
const once = () => webpush.generateRequestDetails(subscription, payload, { TTL: 60, urgency: "high" });
for (let n = 0; n < 200; n += 1) once();
const begun = process.cpuUsage();
for (let n = 0; n < count; n += 1) once();
const used = process.cpuUsage(begun);
process.stdout.write(`${(used.user + used.system) / count}\n`);
