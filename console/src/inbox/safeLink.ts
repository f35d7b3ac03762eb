/** A sender's link is followed only when it leads to a web page: never `javascript:` or another scheme. */
export function safeLink(url: string | null | undefined, base: string): string | null {
  if (!url || !URL.canParse(url, base)) return null;
  const parsed = new URL(url, base);
  return parsed.protocol === 'https:' || parsed.protocol === 'http:' ? parsed.href : null;
}
