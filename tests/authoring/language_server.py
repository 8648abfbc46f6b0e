"""A YAML editor's language server, asked over stdio as an editor asks it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PLACES = (ROOT / ".test-tools" / "node_modules" / ".bin", *os.get_exec_path())


def required() -> bool:
    """Whether tests must not be skipped for want of a tool, as in .ci/run."""
    return bool(os.environ.get("ALL_TESTS"))


def tool(name: str) -> str:
    """Return the path of a tool of the tests (`make test-tools`); skip the test where it is missing."""
    found = shutil.which(name, path=os.pathsep.join(map(str, PLACES)))
    if found is None:
        message = f"{name} is missing; install it with: make test-tools"
        (pytest.fail if required() else pytest.skip)(message)
    return str(found)


class LanguageServer:
    """``yaml-language-server --stdio`` with one file open."""

    def __init__(self, file: Path) -> None:
        self.file, self.number = file, 0
        self.process = subprocess.Popen(
            [tool("yaml-language-server"), "--stdio"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.diagnostics: list[dict[str, Any]] | None = None
        folder = file.parent.as_uri()
        capabilities = {"textDocument": {"completion": {"completionItem": {"snippetSupport": False}}}}
        self.ask(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": folder,
                "capabilities": capabilities,
                "workspaceFolders": [{"uri": folder, "name": "office"}],
            },
        )
        self._send({"method": "initialized", "params": {}})
        settings = {
            "yaml": {"validate": True, "completion": True, "hover": True, "schemaStore": {"enable": False}}
        }
        self._send({"method": "workspace/didChangeConfiguration", "params": {"settings": settings}})
        document = {"uri": file.as_uri(), "languageId": "yaml", "version": 1}
        document["text"] = file.read_text(encoding="utf-8")
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": document}})

    def __enter__(self) -> LanguageServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()

    def at(self, method: str, line: int, character: int) -> Any:
        """Ask for what is at a place of the file, both from 0."""
        place = {"line": line, "character": character}
        return self.ask(method, {"textDocument": {"uri": self.file.as_uri()}, "position": place})

    def problems(self) -> list[str]:
        """Wait for the server's diagnostics of the file, and return their messages."""
        while self.diagnostics is None:
            self._hear()
        return [one["message"] for one in self.diagnostics]

    def ask(self, method: str, params: Any) -> Any:
        self.number += 1
        number = self.number
        self._send({"id": number, "method": method, "params": params})
        while True:
            heard = self._hear()
            if heard.get("id") == number and "method" not in heard:
                assert "error" not in heard, heard
                return heard["result"]

    def _hear(self) -> dict[str, Any]:
        """Read one message; answer what the server asks for."""
        length = 0
        while (line := self.process.stdout.readline().strip()) or not length:
            assert line, "the language server ended"
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        heard = json.loads(self.process.stdout.read(length))
        if heard.get("method") == "textDocument/publishDiagnostics":
            self.diagnostics = heard["params"]["diagnostics"]
        elif "method" in heard and "id" in heard:
            asked = heard["params"].get("items", []) if heard["method"] == "workspace/configuration" else None
            self._send({"id": heard["id"], "result": None if asked is None else [None] * len(asked)})
        return heard

    def _send(self, message: dict[str, Any]) -> None:
        text = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(text), text))
        self.process.stdin.flush()
