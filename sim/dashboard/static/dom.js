// Make elements. All text goes in as text: nothing that a file says is ever read as markup.

const SVG = "http://www.w3.org/2000/svg";

export const words = JSON.parse(document.getElementById("words").textContent);
export const lang = document.body.dataset.lang;
export const $ = (id) => document.getElementById(id);

// make("p", {class: "note", onclick: …}, "text", otherElement)
export function make(name, attributes = {}, ...inside) {
  return fill(document.createElement(name), attributes, inside);
}

export function draw(name, attributes = {}, ...inside) {
  return fill(document.createElementNS(SVG, name), attributes, inside);
}

function fill(element, attributes, inside) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...inside.filter((one) => one !== null && one !== undefined && one !== ""));
  return element;
}

export function say(word, values = {}) {
  return words[word].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// A number as a person reads it, without the noise of binary fractions.
export function plain(value) {
  return String(Number(value.toPrecision(10)));
}
