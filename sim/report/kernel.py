"""How a report's kernel runs: this Python, its own folder, no open ports, nothing of the user's settings, and
no module or start-up file of the working folder.

Imported only when a notebook is about to run: papermill takes seconds to load.
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines

from sim.report.forks import forked

ENGINE = "jingxi"
_LONGEST_SOCKET = 100  # bytes; a Unix socket's whole path may have 103 on macOS, 107 on Linux


class Progress:
    """How far a run came; papermill's own record calls every cell completed when the kernel has died."""

    def __init__(self, timeout_s: int) -> None:
        self.cell = 0  # as in "In [3]"; 0 before the first
        self._end = time.monotonic() + timeout_s

    def seconds_left(self, cell: object) -> int:
        return max(1, round(self._end - time.monotonic()))

    def started(self, cell: NotebookNode, cell_index: int) -> None:
        self.cell += cell.cell_type == "code" and bool(cell.source.strip())


class Engine(NBClientEngine):
    """Papermill's engine with our kernel; the time limit is for the whole notebook, not for each cell."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, *, progress: Progress, start_timeout: int = 60, **_: object
    ) -> Any:
        folder = Path(tempfile.mkdtemp(prefix="jx"))
        try:
            client = PapermillNotebookClient(
                nb_man,
                km=_manager(folder),
                kernel_name=kernel_name,
                startup_timeout=start_timeout,
                timeout_func=progress.seconds_left,
                on_cell_start=progress.started,
                record_timing=False,
                shutdown_kernel="immediate",  # it holds nothing that is still wanted
                extra_arguments=["--log-level=ERROR"],
            )
            return client.execute(env=_environment(folder), cleanup_kc=True)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


papermill_engines.register(ENGINE, Engine)
# It takes parameters annotated as Literal for unknown; ours were checked before.
logging.getLogger("papermill").setLevel(logging.ERROR)


class _Manager(AsyncKernelManager):
    """It does not interrupt a kernel before it ends it: that is told as an error where nothing went wrong."""

    async def _async_interrupt_kernel(self) -> None:
        if not self.shutting_down:
            await super()._async_interrupt_kernel()


class _Provisioner(LocalProvisioner):
    """It forks a kernel where that can be done."""

    process: Any = None
    pid: Any = None
    pgid: Any = None

    async def launch_kernel(self, cmd: list[str], **given: Any) -> KernelConnectionInfo:
        process = forked(cmd, given["env"], Path(given.get("cwd") or Path.cwd()))
        if process is None:
            return await super().launch_kernel(cmd, **given)
        self.process, self.pid, self.pgid = process, process.pid, process.pid
        return self.connection_info


def _manager(folder: Path) -> AsyncKernelManager:
    manager = _Manager(
        kernel_name="python3",
        kernel_spec_manager=KernelSpecManager(
            kernel_dirs=[]
        ),  # the running Python, not one registered by the user
        connection_file=str(folder / "kernel.json"),
    )
    if sys.platform != "win32" and len(os.fsencode(folder / "k-5")) <= _LONGEST_SOCKET:
        manager.transport = "ipc"  # files in our folder instead of ports that anyone on the machine can reach
        manager.ip = str(folder / "k")
    manager.provisioner = _Provisioner(kernel_id=folder.name, kernel_spec=manager.kernel_spec, parent=manager)
    return manager


def _environment(folder: Path) -> dict[str, str]:
    ours = {
        "IPYTHONDIR": str(folder / "ipython"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONHASHSEED": "0",
        "PYTHONSAFEPATH": "1",  # IPython obeys it too
    }
    return {name: value for name, value in os.environ.items() if name != "PYTHONSTARTUP"} | ours
