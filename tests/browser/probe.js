// Collects what a person would see of a report in a frame, and writes it into the surrounding page for `--dump-dom`.
addEventListener("load", () => {
  const overlaps = [];
  const figures = [...document.querySelectorAll("figure")].map((figure) => {
    const drawing = figure.querySelector(".drawing");
    const box = figure.querySelector("svg").getBoundingClientRect();
    const labels = [...figure.querySelectorAll("text")].map((text) => [text.textContent.trim(), text.getBoundingClientRect()]);
    labels.forEach(([a, p], i) => labels.slice(i + 1).forEach(([b, q]) => {
      const wide = Math.min(p.right, q.right) - Math.max(p.left, q.left);
      const high = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
      // The boxes of letters are higher than the letters.
      if (wide > 1 && high > 0.35 * Math.min(p.height, q.height)) overlaps.push(`${figure.id}: ${a} | ${b}`);
    }));
    const beyond = (p) => p.left < box.left - 1 || p.right > box.right + 1 || p.top < box.top - 1 || p.bottom > box.bottom + 1;
    const outside = labels.filter(([, p]) => beyond(p)).map(([a]) => a);
    const shapes = [...figure.querySelectorAll("circle, rect, polygon, polyline")].filter((shape) => beyond(shape.getBoundingClientRect()));
    // Numbers below one another or side by side are those at the marks of an axis.
    const numbers = labels.filter(([a]) => /^-?[\d.]+(e-?\d+)?[kMGT]?$/.test(a));
    const most = (place) => {
      const counts = {};
      numbers.forEach(([a, p]) => (counts[Math.round(place(p))] ??= new Set()).add(a));
      return Math.max(0, ...Object.values(counts).map((texts) => texts.size));
    };
    return {
      id: figure.id, width: box.width, height: box.height, marks: figure.querySelectorAll("circle, rect, polygon, polyline, path, line").length,
      labels: labels.length, outside, shapes: shapes.length, cut: drawing.scrollWidth > drawing.clientWidth || box.right > innerWidth,
      ticks: [most((p) => p.bottom), most((p) => p.right)], letters: Math.min(...labels.map(([, p]) => p.height)),
      caption: figure.querySelector("figcaption").textContent,
    };
  });
  const style = getComputedStyle(document.body);
  const look = {
    width: innerWidth, scroll: document.documentElement.scrollWidth, paper: style.backgroundColor, ink: style.color,
    links: [...document.querySelectorAll("a")].map((a) => a.getAttribute("href")), figures, overlaps,
  };
  parent.document.documentElement.setAttribute("data-look", encodeURIComponent(JSON.stringify(look)));
});
