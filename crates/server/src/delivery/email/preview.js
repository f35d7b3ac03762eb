// Keeps the list of mails at /dev/mail up to date: asks for the rows every two seconds while the page is looked at, and
// replaces them only when they changed, so that focus and selection stay where they are.
const list = document.getElementById("mails");
let shown = null;

async function refresh() {
  if (document.hidden) return;
  try {
    const answer = await fetch("/dev/mail/list" + location.search, { cache: "no-store" });
    if (!answer.ok) return;
    const rows = await answer.text();
    if (shown !== null && rows !== shown) list.innerHTML = rows;
    shown = rows;
  } catch {
    // The server is restarting; the next round finds it again.
  }
}

refresh();
setInterval(refresh, 2000);
document.addEventListener("visibilitychange", refresh);
