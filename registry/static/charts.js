// A picture that was not in the cache comes as an image; once it is there, it takes the image's place, with its links.
export function start(root) {
  for (const image of root.querySelectorAll("img[data-drawn]")) {
    if (image.complete && image.naturalWidth) swap(image);
    else image.addEventListener("load", () => swap(image), { once: true });
  }
}

async function swap(image) {
  try {
    const answer = await fetch(image.currentSrc);
    if (!answer.ok) return;
    const drawn = new DOMParser().parseFromString(await answer.text(), "image/svg+xml").documentElement;
    if (drawn.localName === "svg") image.replaceWith(document.adoptNode(drawn));
  } catch {
    // The image stays.
  }
}
