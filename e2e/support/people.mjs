/**
 * The demo people, from what `frontdesk up` prints: `Sign in at <organization>:` and below it lines of
 * `  <role>  <name>  http://…/#token=…`; and the API as one of them.
 */

function read(printed) {
  let organization = null;
  const found = [];
  for (const line of printed.split('\n')) {
    organization = /^Sign in at (.+):$/.exec(line.trim())?.[1] ?? organization;
    const match = /^\s*(\S+)\s+(.+?)\s+(https?:\/\/\S+?)\/?#token=(\S+)\s*$/.exec(line);
    if (!match) continue;
    const [, role, name, url, token] = match;
    found.push({ organization, role: role.toLowerCase(), name: name.trim(), url, token, link: `${url}/#token=${token}` });
  }
  return found;
}

export const people = read(process.env.FRONTDESK_LINKS ?? '');

/** The organization of the tests: the first one that has a parent. */
const school = people.find(({ role }) => role === 'parent')?.organization;

/** The first demo person of the school with this role. */
export function person(role) {
  const found = people.find((one) => one.role === role && one.organization === school);
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
