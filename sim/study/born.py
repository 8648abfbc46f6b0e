"""Imported by the server from which workers are forked (`sim.spawn.nursery`): what each begins with."""

import gc

from sim.flow import prepare
from sim.jit import is_kept

from . import work

work.code_loaded()
if is_kept("compiled"):
    prepare("compiled")
gc.freeze()  # a full collection would copy these pages into each worker
