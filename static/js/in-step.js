// Keeps two windows in step: where an expert works on a parameter, the window beside shows that part of the proposal.
// Without this file the links beside each parameter open the place in that window.
const channel = new BroadcastChannel("aipbi-in-step");
const parts = [...document.querySelectorAll("[data-shows]")];

if (parts.length) {
  let last = "";
  const tell = (part) => {
    if (part && part.dataset.shows !== last) {
      last = part.dataset.shows;
      channel.postMessage({ url: last });
    }
  };
  const seen = new IntersectionObserver(
    (entries) => tell(entries.filter((entry) => entry.isIntersecting).at(-1)?.target),
    { rootMargin: "-20% 0px -70% 0px" },
  );
  for (const part of parts) {
    seen.observe(part);
    part.addEventListener("focusin", () => tell(part));
  }
} else {
  channel.addEventListener("message", ({ data }) => {
    const wanted = new URL(String(data?.url), location.href);
    if (wanted.origin !== location.origin || wanted.pathname !== location.pathname) return;
    if (wanted.search !== location.search) return;
    document.getElementById(decodeURIComponent(wanted.hash.slice(1)))?.scrollIntoView({ block: "start" });
  });
}
