// Ask the server. A mistake that it tells becomes a Mistake with its words.

import { lang, say } from "./dom.js";

export class Mistake extends Error {}

async function post(path, body, signal) {
  let answer;
  try {
    answer = await fetch(`/api/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Jingxi": "1" },
      body: JSON.stringify({ lang, ...body }),
      signal,
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Mistake(say("lost"));
  }
  if (answer.ok) return answer;
  let told = null;
  try {
    told = (await answer.json()).error;
  } catch {
    /* not a mistake of the person's */
  }
  throw new Mistake(told ?? `${answer.status}`);
}

export async function ask(path, body) {
  return (await post(path, body)).json();
}

// Call `heard` with each line of an answer that comes bit by bit.
export async function listen(path, body, heard, signal) {
  const answer = await post(path, body, signal);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    lines.forEach((line) => told(JSON.parse(line), heard));
  }
  if (rest) told(JSON.parse(rest), heard);
}

function told(line, heard) {
  if (line.error) throw new Mistake(line.error);
  heard(line);
}
