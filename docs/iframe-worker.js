// Search where the site is read from a folder: there a browser starts no worker, so that its script runs in a frame.
// The script is the theme's own, which looks whether its parent has an IFrameWorker.
if (location.protocol === "file:") {
  window.IFrameWorker = class extends EventTarget {
    constructor(address) {
      super();
      this.waiting = [];
      this.frame = document.createElement("iframe");
      this.frame.hidden = true;
      this.frame.srcdoc = "<!doctype html><script></" + "script>";
      this.frame.addEventListener("load", () => this.start(String(address)), { once: true });
      document.documentElement.append(this.frame);
    }

    start(address) {
      const inside = this.frame.contentWindow;
      inside.postMessage = (data) => this.dispatchEvent(new MessageEvent("message", { data }));
      inside.importScripts = (...others) => Promise.all(others.map((other) => load(inside, other)));
      load(inside, address).then(() => {
        this.inside = inside;
        this.waiting.splice(0).forEach((data) => this.postMessage(data));
      });
    }

    postMessage(data) {
      if (this.inside) this.inside.dispatchEvent(new MessageEvent("message", { data }));
      else this.waiting.push(data);
    }
  };
  window.Worker = window.IFrameWorker;
}

function load(frame, address) {
  return new Promise((done, failed) => {
    const script = frame.document.createElement("script");
    script.src = address;
    script.async = false;
    script.onload = done;
    script.onerror = failed;
    frame.document.head.append(script);
  });
}
