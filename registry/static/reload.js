// A page that tells of work in progress looks again by itself; without this script its link does.
const PAUSE = 1500;

export function start(root) {
  if (root.querySelector("[data-at-work]")) setTimeout(() => window.location.reload(), PAUSE);
}
