/** The demo people, from the lines `  <role>  <name>  http://…/#token=…` that `frontdesk up` prints; and the API as one of them. */

export const people = (process.env.FRONTDESK_LINKS ?? '').split('\n').flatMap((line) => {
  const found = /^\s*(\S+)\s+(.+?)\s+(https?:\/\/\S+?)\/?#token=(\S+)\s*$/.exec(line);
  return found ? [{ role: found[1].toLowerCase(), name: found[2].trim(), url: found[3], token: found[4], link: `${found[3]}/#token=${found[4]}` }] : [];
});

/** The first demo person with this role. */
export function person(role) {
  const found = people.find((one) => one.role === role);
  if (!found) throw new Error(`no demo ${role} among the printed sign-in links; run the tests with \`npm test\``);
  return found;
}

/** Calls the API as that person; the body of the answer, or an error with the problem document. */
export async function api(as, method, path, body) {
  const answer = await fetch(as.url + path, {
    method,
    headers: { authorization: `Bearer ${as.token}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
  return text ? JSON.parse(text) : undefined;
}
